package belay.backend.update;

import belay.backend.UpdateRule;

/** {@link UpdateRule.Sgd}. */
record SgdStep(UpdateRule.Sgd rule, float[] firstMoment, Range range) implements RuleStep {
  @Override
  public void apply(float[] weights, float[] gradient, float rate, long step) {
    for (int i = range.from(); i < range.to(); i++) {
      float m = rule.momentum() * firstMoment[i] + gradient[i];
      firstMoment[i] = m;
      weights[i] -= rate * (rule.nesterov() ? gradient[i] + rule.momentum() * m : m);
    }
  }
}
