package belay.backend.update;

import belay.backend.ParameterGroups;
import belay.backend.UpdateRule;
import belay.net.Parameter;
import java.util.List;

/** The pull of a rule's decay on gradient and weights, before the rule itself. */
final class DecayStep {
  private final boolean decoupled;
  private final List<Pulled> pulled;

  private record Pulled(Parameter parameter, float l2, float l1) {
    boolean isNone() {
      return l2 == 0 && l1 == 0;
    }
  }

  DecayStep(UpdateRule rule, List<Parameter> parameters, ParameterGroups groups) {
    UpdateRule.Decay decay = rule.decay();
    this.decoupled = rule.decoupled();
    this.pulled =
        parameters.stream()
            .map(p -> new Pulled(p, groups.l2(p, decay), decay.covers(p.role()) ? decay.l1() : 0))
            .filter(p -> !p.isNone())
            .toList();
  }

  void apply(float[] weights, float[] gradient, float rate) {
    for (Pulled each : pulled) {
      float coupled = decoupled ? 0 : each.l2();
      float keep = decoupled ? 1 - rate * each.l2() : 1;
      for (int i = each.parameter().offset(); i < each.parameter().end(); i++) {
        gradient[i] += coupled * weights[i];
        gradient[i] += each.l1() * Math.signum(weights[i]);
        weights[i] *= keep;
      }
    }
  }
}
