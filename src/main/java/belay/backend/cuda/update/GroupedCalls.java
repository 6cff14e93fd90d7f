package belay.backend.cuda.update;

import belay.backend.TrainSpec;
import belay.backend.UpdateRule;
import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Call;
import belay.backend.cuda.frame.Frame;
import belay.net.Slot;
import java.util.Map;
import java.util.Optional;

/**
 * The launches by which a rule changes parameters that differ, and those that are no matrices of
 * Muon's.
 *
 * @param slots what the rule keeps for each parameter
 * @param others whether Muon's matrices are left alone
 */
record GroupedCalls(Frame frame, UpdateTables tables, Map<Slot, Arena.Slice> slots, boolean others)
    implements UpdateRule.Cases<Call> {
  /** Clipping and decay; none where there is nothing to do. */
  Optional<Call> regularization(UpdateRule rule, TrainSpec.Clipping clipping, Arena.Slice partial) {
    return clipping.isNone() && !tables.isDecayed()
        ? Optional.empty()
        : Optional.of(
            UpdateGroupKernels.regularize(
                frame.parameterGradient(),
                frame.parameters(),
                tables.ranges(),
                tables.groups(),
                frame.mail().scalars(),
                frame.epoch(),
                partial,
                clipping.value(),
                clipping.norm(),
                rule.decoupled(),
                parameters()));
  }

  private int parameters() {
    return tables.parameters().size();
  }

  private Address first() {
    return slots.get(Slot.FIRST_MOMENT);
  }

  @Override
  public Call sgd(UpdateRule.Sgd sgd) {
    return UpdateGroupKernels.sgd(
        frame.parameters(),
        first(),
        frame.parameterGradient(),
        tables.ranges(),
        tables.groups(),
        frame.mail().scalars(),
        frame.epoch(),
        sgd.momentum(),
        sgd.nesterov(),
        others,
        parameters());
  }

  @Override
  public Call adam(UpdateRule.Adam adam) {
    return UpdateGroupKernels.adam(
        frame.parameters(),
        first(),
        slots.get(Slot.SECOND_MOMENT),
        frame.parameterGradient(),
        tables.ranges(),
        tables.groups(),
        frame.mail().scalars(),
        frame.epoch(),
        adam.beta1(),
        adam.beta2(),
        adam.epsilon(),
        others,
        parameters());
  }

  @Override
  public Call adagrad(UpdateRule.Adagrad adagrad) {
    throw unknown(adagrad);
  }

  @Override
  public Call rmsProp(UpdateRule.RmsProp rmsProp) {
    throw unknown(rmsProp);
  }

  @Override
  public Call lars(UpdateRule.Lars lars) {
    throw unknown(lars);
  }

  @Override
  public Call muon(UpdateRule.Muon muon) {
    throw unknown(muon);
  }

  /** TrainSpec refuses groups of other rules, and Muon other rules for the others. */
  private static IllegalStateException unknown(UpdateRule rule) {
    return new IllegalStateException("No kernel has groups for " + rule);
  }
}
