package belay.backend.cuda.net;

import belay.backend.UpdateRule;

/**
 * What changes of an update from step to step, in the order in which kernels/update.cu reads it.
 *
 * @param rate learning rate
 * @param step number of the step, from 1
 */
record UpdateScalars(float rate, long step) implements UpdateRule.Cases<float[]> {
  @Override
  public float[] sgd(UpdateRule.Sgd sgd) {
    return new float[] {rate};
  }

  @Override
  public float[] adam(UpdateRule.Adam adam) {
    return new float[] {rate, correction(adam.beta1()), correction(adam.beta2())};
  }

  private float correction(float beta) {
    return (float) (1 - StrictMath.pow(beta, step));
  }
}
