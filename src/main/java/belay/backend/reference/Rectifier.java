package belay.backend.reference;

/**
 * ReLU.
 *
 * @param size values of an image
 */
record Rectifier(int size) implements Mapping {
  @Override
  public void forward(int images, float[] x, float[] y) {
    for (int i = 0; i < images * size; i++) {
      // A NaN must pass, or a diverged run would look healthy.
      y[i] = x[i] <= 0 ? 0 : x[i];
    }
  }

  @Override
  public void backward(int images, float[] x, float[] dy, float[] dx) {
    for (int i = 0; i < images * size; i++) {
      dx[i] += x[i] > 0 ? dy[i] : 0;
    }
  }
}
