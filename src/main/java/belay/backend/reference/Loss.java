package belay.backend.reference;

/** The loss of each image, and its gradient. */
interface Loss {
  /**
   * @param x the images [n H W C]
   * @param y the outputs [n ..]
   * @return the sum over images, in their order, of their losses
   */
  double sum(int images, float[] x, float[] y);

  /**
   * Adds the gradient of these images' share of the minibatch's mean.
   *
   * @param minibatch images in it
   * @param dy of the outputs [n ..]
   */
  void gradient(int images, float[] x, float[] y, int minibatch, float[] dy);
}
