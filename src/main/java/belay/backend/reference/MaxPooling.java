package belay.backend.reference;

import java.util.Arrays;

/** The maximum of each window, whose gradient goes to the first maximum. */
record MaxPooling(WindowPixels pixels) implements Mapping {
  @Override
  public void forward(int images, float[] x, float[] y) {
    int[] maxima = maxima(images, x);
    for (int i = 0; i < maxima.length; i++) {
      y[i] = x[maxima[i]];
    }
  }

  @Override
  public void backward(int images, float[] x, float[] dy, float[] dx) {
    int[] maxima = maxima(images, x);
    for (int i = 0; i < maxima.length; i++) {
      dx[maxima[i]] += dy[i];
    }
  }

  /** Index in x of the first maximum of each window. */
  private int[] maxima(int images, float[] x) {
    int[] best = new int[images * pixels.out().size()];
    Arrays.fill(best, -1);
    pixels.forEach(
        images,
        (i, window) -> {
          // A NaN must pass, or a diverged run would look healthy.
          if (best[window] < 0 || x[i] > x[best[window]] || Float.isNaN(x[i])) {
            best[window] = i;
          }
        });
    return best;
  }
}
