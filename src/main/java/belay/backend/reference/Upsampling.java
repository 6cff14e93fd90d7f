package belay.backend.reference;

import belay.net.Shape;

/**
 * Each pixel repeated.
 *
 * @param out shape of the large image
 */
record Upsampling(Shape out, int factor) implements Mapping {
  @Override
  public void forward(int images, float[] x, float[] y) {
    for (int i = 0; i < images * out.size(); i++) {
      y[i] = x[source(i)];
    }
  }

  @Override
  public void backward(int images, float[] x, float[] dy, float[] dx) {
    for (int i = 0; i < images * out.size(); i++) {
      dx[source(i)] += dy[i];
    }
  }

  /** Index in the small images of the value that y[i] repeats. */
  private int source(int i) {
    int c = i % out.channels();
    int w = i / out.channels() % out.width() / factor;
    int row = i / out.channels() / out.width() / factor; // images lie below one another
    return (row * (out.width() / factor) + w) * out.channels() + c;
  }
}
