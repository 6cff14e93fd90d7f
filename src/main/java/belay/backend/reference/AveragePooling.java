package belay.backend.reference;

import java.util.Arrays;

/** The sum of each window over its area, borders included. */
record AveragePooling(WindowPixels pixels) implements Mapping {
  @Override
  public void forward(int images, float[] x, float[] y) {
    int count = images * pixels.out().size();
    Arrays.fill(y, 0, count, 0);
    pixels.forEach(images, (i, window) -> y[window] += x[i]);
    for (int i = 0; i < count; i++) {
      y[i] /= area();
    }
  }

  @Override
  public void backward(int images, float[] x, float[] dy, float[] dx) {
    pixels.forEach(images, (i, window) -> dx[i] += dy[window] / area());
  }

  private float area() {
    return pixels.window().kernel() * pixels.window().kernel();
  }
}
