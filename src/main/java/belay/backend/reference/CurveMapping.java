package belay.backend.reference;

/**
 * An activation function in double, rounded once.
 *
 * @param size values of an image
 */
record CurveMapping(int size, Smooth curve) implements Mapping {
  /** A function of one variable and its derivative. */
  interface Smooth {
    double value(double x);

    double derivative(double x);
  }

  @Override
  public void forward(int images, float[] x, float[] y) {
    for (int i = 0; i < images * size; i++) {
      y[i] = (float) curve.value(x[i]);
    }
  }

  @Override
  public void backward(int images, float[] x, float[] dy, float[] dx) {
    for (int i = 0; i < images * size; i++) {
      dx[i] += (float) (dy[i] * curve.derivative(x[i]));
    }
  }
}
