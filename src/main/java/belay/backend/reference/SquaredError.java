package belay.backend.reference;

/**
 * The mean over the values of an image of (y - x)^2.
 *
 * @param size values of an image
 */
record SquaredError(int size) implements Loss {
  @Override
  public double sum(int images, float[] x, float[] y) {
    double sum = 0;
    for (int image = 0; image < images; image++) {
      sum += mean(image * size, x, y);
    }
    return sum;
  }

  private double mean(int from, float[] x, float[] y) {
    double sum = 0;
    for (int i = from; i < from + size; i++) {
      double difference = (double) y[i] - x[i];
      sum += difference * difference;
    }
    return sum / size;
  }

  /** dy += 2 (y - x) / (values of the minibatch). */
  @Override
  public void gradient(int images, float[] x, float[] y, int minibatch, float[] dy) {
    float scale = 2f / ((float) size * minibatch);
    for (int i = 0; i < images * size; i++) {
      dy[i] += scale * (y[i] - x[i]);
    }
  }
}
