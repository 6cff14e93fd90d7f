package belay.backend.onednn;

/** The loss of each image, and its gradient. */
interface Loss {
  /**
   * @param images [count, H, W, C]
   * @param outputs [count, values]
   * @return the sum over images, in their order, of their losses
   */
  double sum(float[] images, float[] outputs, int count);

  /**
   * @param batch images in the whole minibatch, of whose mean this is the gradient
   * @param gradient receives that of the outputs [count, values]
   */
  void gradient(float[] images, float[] outputs, int count, int batch, float[] gradient);
}
