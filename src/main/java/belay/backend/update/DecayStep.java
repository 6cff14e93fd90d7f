package belay.backend.update;

import belay.backend.UpdateRule;
import belay.net.Parameter;
import java.util.List;

/** The pull of a rule's decay on gradient and weights, before the rule itself. */
final class DecayStep {
  private final List<Parameter> covered;
  private final float coupled;
  private final float decoupled;
  private final float l1;

  DecayStep(UpdateRule rule, List<Parameter> parameters) {
    UpdateRule.Decay decay = rule.decay();
    this.covered =
        decay.isNone()
            ? List.of()
            : parameters.stream().filter(parameter -> decay.covers(parameter.role())).toList();
    this.coupled = rule.decoupled() ? 0 : decay.l2();
    this.decoupled = rule.decoupled() ? decay.l2() : 0;
    this.l1 = decay.l1();
  }

  void apply(float[] weights, float[] gradient, float rate) {
    float keep = 1 - rate * decoupled;
    for (Parameter parameter : covered) {
      for (int i = parameter.offset(); i < parameter.end(); i++) {
        gradient[i] += coupled * weights[i];
        gradient[i] += l1 * Math.signum(weights[i]);
        weights[i] *= keep;
      }
    }
  }
}
