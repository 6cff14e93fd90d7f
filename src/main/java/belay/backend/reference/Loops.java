package belay.backend.reference;

/**
 * One operation on the images of a {@link Pass}, whose values and gradients it knows by number.
 * Sums over images go in the order of images. What forward keeps for backward is the last pass's.
 */
interface Loops {
  void forward(Pass pass);

  /**
   * Adds to the gradients of the inputs and of the parameters.
   *
   * @param pass in training, whose gradient of the output is whole
   * @param gradient of the loss [parameters]
   */
  void backward(Pass pass, float[] gradient);

  /**
   * Writes what the images of a shard add to the running statistics.
   *
   * @param pass the last one
   * @param sums over images, in the order of the program's statistics
   */
  default void observe(Pass pass, double[] sums) {}

  /**
   * Moves the running statistics towards those of a minibatch.
   *
   * @param sums over shards of what {@link #observe} has written
   * @param images of the minibatch
   * @param weights parameters, then statistics
   */
  default void follow(double[] sums, int images, float[] weights) {}
}
