package belay.backend.reference;

/**
 * The loss.
 *
 * @param size values of an image
 */
record SquaredError(int size) {
  /** The sum over images, in their order, of the mean over values of (y - x)^2. */
  double sum(int images, float[] x, float[] y) {
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

  /**
   * dy += 2 (y - x) / (values of the minibatch), the gradient of the minibatch's mean.
   *
   * @param minibatch images in it
   */
  void gradient(int images, float[] x, float[] y, int minibatch, float[] dy) {
    float scale = 2f / ((float) size * minibatch);
    for (int i = 0; i < images * size; i++) {
      dy[i] += scale * (y[i] - x[i]);
    }
  }
}
