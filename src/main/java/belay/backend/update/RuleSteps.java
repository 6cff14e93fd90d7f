package belay.backend.update;

import belay.backend.UpdateRule;
import belay.net.Parameter;
import belay.net.Slot;
import java.util.List;
import java.util.Map;

/**
 * The arithmetic of each rule, its decay included.
 *
 * @param slots that it changes
 */
record RuleSteps(List<Parameter> parameters, Map<Slot, float[]> slots)
    implements UpdateRule.Cases<RuleStep> {
  static RuleStep of(UpdateRule rule, List<Parameter> parameters, Map<Slot, float[]> slots) {
    return rule.accept(new RuleSteps(parameters, slots));
  }

  @Override
  public RuleStep sgd(UpdateRule.Sgd sgd) {
    return decayed(sgd, new SgdStep(sgd, slots.get(Slot.FIRST_MOMENT)));
  }

  @Override
  public RuleStep adam(UpdateRule.Adam adam) {
    return decayed(
        adam, new AdamStep(adam, slots.get(Slot.FIRST_MOMENT), slots.get(Slot.SECOND_MOMENT)));
  }

  @Override
  public RuleStep adagrad(UpdateRule.Adagrad adagrad) {
    return decayed(adagrad, new AdagradStep(adagrad, slots.get(Slot.SUM_OF_SQUARES)));
  }

  @Override
  public RuleStep rmsProp(UpdateRule.RmsProp rmsProp) {
    return decayed(
        rmsProp,
        new RmsPropStep(rmsProp, slots.get(Slot.FIRST_MOMENT), slots.get(Slot.SECOND_MOMENT)));
  }

  @Override
  public RuleStep lars(UpdateRule.Lars lars) {
    DecayStep decay = new DecayStep(lars, parameters);
    return new LarsStep(lars, parameters, decay, slots.get(Slot.FIRST_MOMENT));
  }

  @Override
  public RuleStep muon(UpdateRule.Muon muon) {
    float[] firstMoment = slots.get(Slot.FIRST_MOMENT);
    AdamStep others = new AdamStep(muon.others(), firstMoment, slots.get(Slot.SECOND_MOMENT));
    return decayed(muon, new MuonStep(muon, parameters, firstMoment, others));
  }

  private RuleStep decayed(UpdateRule rule, RuleStep undecayed) {
    DecayStep decay = new DecayStep(rule, parameters);
    return (weights, gradient, rate, step) -> {
      decay.apply(weights, gradient, rate);
      undecayed.apply(weights, gradient, rate, step);
    };
  }
}
