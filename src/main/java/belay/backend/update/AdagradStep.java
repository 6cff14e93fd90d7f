package belay.backend.update;

import belay.backend.UpdateRule;

/** {@link UpdateRule.Adagrad}. */
record AdagradStep(UpdateRule.Adagrad rule, float[] sumOfSquares, Range range) implements RuleStep {
  @Override
  public void apply(float[] weights, float[] gradient, float rate, long step) {
    for (int i = range.from(); i < range.to(); i++) {
      float g = gradient[i];
      float sum = sumOfSquares[i] + g * g;
      sumOfSquares[i] = sum;
      weights[i] -= rate * g / ((float) Math.sqrt(sum) + rule.epsilon());
    }
  }
}
