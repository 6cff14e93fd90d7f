package belay.backend.reference;

import belay.net.Shape;

/**
 * The mean over all pixels of an image, summed in double.
 *
 * @param in shape of the image
 */
record GlobalAveraging(Shape in) implements Mapping {
  @Override
  public void forward(int images, float[] x, float[] y) {
    for (int i = 0; i < images * in.channels(); i++) {
      double sum = 0;
      for (int p = 0; p < pixels(); p++) {
        sum += x[first(i) + p * in.channels()];
      }
      y[i] = (float) (sum / pixels());
    }
  }

  @Override
  public void backward(int images, float[] x, float[] dy, float[] dx) {
    for (int i = 0; i < images * in.channels(); i++) {
      for (int p = 0; p < pixels(); p++) {
        dx[first(i) + p * in.channels()] += dy[i] / pixels();
      }
    }
  }

  private int pixels() {
    return in.height() * in.width();
  }

  /** Index in x of the first pixel's value that y[i] is a mean of. */
  private int first(int i) {
    return i / in.channels() * in.size() + i % in.channels();
  }
}
