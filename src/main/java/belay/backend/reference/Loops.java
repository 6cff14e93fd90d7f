package belay.backend.reference;

/**
 * One operation on one image. Values and gradients are those of the whole program, by their
 * numbers, each [H, W, C]; the operation knows which are its own.
 */
interface Loops {
  void forward(float[] parameters, float[][] values);

  /**
   * Adds to the gradients of the inputs and of the parameters.
   *
   * @param gradients of the loss with respect to each value; that of the output is whole
   * @param gradient of the loss [parameters]
   */
  void backward(float[] parameters, float[][] values, float[][] gradients, float[] gradient);
}
