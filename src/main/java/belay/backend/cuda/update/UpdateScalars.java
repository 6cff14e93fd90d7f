package belay.backend.cuda.update;

import belay.backend.TrainSpec;
import belay.backend.UpdateRule;

/**
 * What changes of an update from step to step, in the order in which kernels/update*.cu read it:
 * learning rate, two numbers of the rule, the average's share.
 *
 * @param rate learning rate
 * @param step number of the step, from 1
 */
public record UpdateScalars(float rate, long step) implements UpdateRule.Cases<float[]> {
  public static float[] of(TrainSpec spec, float rate, long step) {
    float[] scalars = spec.rule().accept(new UpdateScalars(rate, step));
    float share = spec.average().share(step);
    return new float[] {rate, scalars[0], scalars[1], share};
  }

  private static float[] none() {
    return new float[2];
  }

  @Override
  public float[] sgd(UpdateRule.Sgd sgd) {
    return none();
  }

  @Override
  public float[] adam(UpdateRule.Adam adam) {
    return new float[] {correction(adam.beta1()), correction(adam.beta2())};
  }

  @Override
  public float[] adagrad(UpdateRule.Adagrad adagrad) {
    return none();
  }

  @Override
  public float[] rmsProp(UpdateRule.RmsProp rmsProp) {
    return none();
  }

  @Override
  public float[] lars(UpdateRule.Lars lars) {
    return none();
  }

  @Override
  public float[] muon(UpdateRule.Muon muon) {
    return muon.others().accept(this);
  }

  private float correction(float beta) {
    return (float) (1 - StrictMath.pow(beta, step));
  }
}
