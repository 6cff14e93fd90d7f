package belay.backend.reference;

/**
 * An operation without parameters that makes of each image of one value one of another.
 *
 * <p>Images are [n H W C]; dx and dy are gradients of the loss with respect to x and y.
 */
interface Mapping {
  void forward(int images, float[] x, float[] y);

  /** Adds to dx. */
  void backward(int images, float[] x, float[] dy, float[] dx);

  /** The mapping between two values of a program. */
  default Loops between(int input, int output) {
    return new Loops() {
      @Override
      public void forward(Pass pass) {
        Mapping.this.forward(pass.images(), pass.value(input), pass.value(output));
      }

      @Override
      public void backward(Pass pass, float[] gradient) {
        if (pass.wantsGradient(input)) {
          Mapping.this.backward(
              pass.images(), pass.value(input), pass.gradient(output), pass.gradient(input));
        }
      }
    };
  }
}
