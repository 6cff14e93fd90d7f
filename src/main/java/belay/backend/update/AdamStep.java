package belay.backend.update;

import belay.backend.UpdateRule;

/** {@link UpdateRule.Adam}. */
record AdamStep(UpdateRule.Adam rule, float[] firstMoment, float[] secondMoment, Range range)
    implements RuleStep {
  @Override
  public void apply(float[] weights, float[] gradient, float rate, long step) {
    float correction1 = (float) (1 - StrictMath.pow(rule.beta1(), step));
    float correction2 = (float) (1 - StrictMath.pow(rule.beta2(), step));
    for (int i = range.from(); i < range.to(); i++) {
      float g = gradient[i];
      float m = rule.beta1() * firstMoment[i] + (1 - rule.beta1()) * g;
      float v = rule.beta2() * secondMoment[i] + (1 - rule.beta2()) * g * g;
      firstMoment[i] = m;
      secondMoment[i] = v;
      float root = (float) Math.sqrt(v / correction2) + rule.epsilon();
      weights[i] -= rate * (m / correction1) / root;
    }
  }
}
