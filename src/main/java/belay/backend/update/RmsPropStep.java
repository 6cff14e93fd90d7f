package belay.backend.update;

import belay.backend.UpdateRule;

/** {@link UpdateRule.RmsProp}. */
record RmsPropStep(UpdateRule.RmsProp rule, float[] firstMoment, float[] secondMoment, Range range)
    implements RuleStep {
  @Override
  public void apply(float[] weights, float[] gradient, float rate, long step) {
    for (int i = range.from(); i < range.to(); i++) {
      float g = gradient[i];
      float v = rule.alpha() * secondMoment[i] + (1 - rule.alpha()) * g * g;
      float m = rule.momentum() * firstMoment[i] + g / ((float) Math.sqrt(v) + rule.epsilon());
      secondMoment[i] = v;
      firstMoment[i] = m;
      weights[i] -= rate * m;
    }
  }
}
