package belay.backend.update;

import belay.backend.ParameterGroups;
import belay.backend.UpdateRule;
import belay.net.Parameter;
import belay.net.Slot;
import java.util.List;
import java.util.Map;

/**
 * The arithmetic of each rule, its decay included.
 *
 * @param parameters those that it changes, without gaps between them
 * @param slots that it changes
 * @param groups whose decays may be their own
 */
record RuleSteps(List<Parameter> parameters, Map<Slot, float[]> slots, ParameterGroups groups)
    implements UpdateRule.Cases<RuleStep> {
  private Range range() {
    return Range.of(parameters);
  }

  @Override
  public RuleStep sgd(UpdateRule.Sgd sgd) {
    return decayed(sgd, new SgdStep(sgd, slots.get(Slot.FIRST_MOMENT), range()));
  }

  @Override
  public RuleStep adam(UpdateRule.Adam adam) {
    return decayed(
        adam,
        new AdamStep(adam, slots.get(Slot.FIRST_MOMENT), slots.get(Slot.SECOND_MOMENT), range()));
  }

  @Override
  public RuleStep adagrad(UpdateRule.Adagrad adagrad) {
    return decayed(adagrad, new AdagradStep(adagrad, slots.get(Slot.SUM_OF_SQUARES), range()));
  }

  @Override
  public RuleStep rmsProp(UpdateRule.RmsProp rmsProp) {
    return decayed(
        rmsProp,
        new RmsPropStep(
            rmsProp, slots.get(Slot.FIRST_MOMENT), slots.get(Slot.SECOND_MOMENT), range()));
  }

  @Override
  public RuleStep lars(UpdateRule.Lars lars) {
    DecayStep decay = new DecayStep(lars, parameters, groups);
    return new LarsStep(lars, parameters, decay, slots.get(Slot.FIRST_MOMENT));
  }

  @Override
  public RuleStep muon(UpdateRule.Muon muon) {
    List<Parameter> matrices = parameters.stream().filter(muon::takes).toList();
    List<RuleStep> others =
        parameters.stream()
            .filter(parameter -> !muon.takes(parameter))
            .map(parameter -> muon.others().accept(of(parameter)))
            .toList();
    return decayed(muon, new MuonStep(muon, matrices, slots.get(Slot.FIRST_MOMENT), others));
  }

  /** For the others of a rule, which are decayed with all. */
  private RuleSteps of(Parameter parameter) {
    return new RuleSteps(List.of(parameter), slots, ParameterGroups.NONE);
  }

  private RuleStep decayed(UpdateRule rule, RuleStep undecayed) {
    DecayStep decay = new DecayStep(rule, parameters, groups);
    return (weights, gradient, rate, step) -> {
      decay.apply(weights, gradient, rate);
      undecayed.apply(weights, gradient, rate, step);
    };
  }
}
