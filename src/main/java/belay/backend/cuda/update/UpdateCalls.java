package belay.backend.cuda.update;

import belay.backend.TrainSpec;
import belay.backend.UpdateRule;
import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Call;
import belay.backend.cuda.frame.Frame;
import belay.net.Parameter;
import belay.net.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The launches by which each rule changes the parameters, once the gradient's squares are summed.
 *
 * @param slots what the rule keeps for each parameter
 * @param partial squares of the gradient, summed in parts, for its norm
 * @param workspace as large as {@link UpdateWorkspace} says
 */
public record UpdateCalls(
    Frame frame,
    UpdateTables tables,
    Map<Slot, Arena.Slice> slots,
    Arena.Slice partial,
    Arena.Slice workspace,
    TrainSpec.Clipping clipping)
    implements UpdateRule.Cases<List<Call>> {
  @Override
  public List<Call> sgd(UpdateRule.Sgd sgd) {
    if (tables.areGrouped()) {
      return grouped(sgd);
    }
    if (sgd.nesterov()) {
      return regularized(
          sgd,
          UpdateKernels.nesterov(
              weights(),
              slots.get(Slot.FIRST_MOMENT),
              gradient(),
              tables.count(),
              frame.mail().scalars(),
              sgd.momentum()));
    }
    return isUniform(sgd)
        ? List.of(sgd(sgd, clipping, sgd.decay()))
        : regularized(sgd, sgd(sgd, TrainSpec.Clipping.NONE, UpdateRule.Decay.NONE));
  }

  private Call sgd(UpdateRule.Sgd sgd, TrainSpec.Clipping limits, UpdateRule.Decay decay) {
    return UpdateKernels.sgd(
        weights(),
        slots.get(Slot.FIRST_MOMENT),
        gradient(),
        frame.paddedParameters(),
        frame.mail().scalars(),
        partial,
        limits.value(),
        limits.norm(),
        sgd.momentum(),
        decay.l2());
  }

  @Override
  public List<Call> adam(UpdateRule.Adam adam) {
    if (tables.areGrouped()) {
      return grouped(adam);
    }
    return isUniform(adam)
        ? List.of(adam(adam, clipping, adam.decay()))
        : regularized(adam, adam(adam, TrainSpec.Clipping.NONE, UpdateRule.Decay.NONE));
  }

  private Call adam(UpdateRule.Adam adam, TrainSpec.Clipping limits, UpdateRule.Decay decay) {
    return UpdateKernels.adam(
        weights(),
        slots.get(Slot.FIRST_MOMENT),
        slots.get(Slot.SECOND_MOMENT),
        gradient(),
        frame.paddedParameters(),
        frame.mail().scalars(),
        partial,
        limits.value(),
        limits.norm(),
        adam.beta1(),
        adam.beta2(),
        adam.epsilon(),
        decay.l2(),
        adam.decoupled());
  }

  @Override
  public List<Call> adagrad(UpdateRule.Adagrad adagrad) {
    return regularized(
        adagrad,
        UpdateKernels.adagrad(
            weights(),
            slots.get(Slot.SUM_OF_SQUARES),
            gradient(),
            tables.count(),
            frame.mail().scalars(),
            adagrad.epsilon()));
  }

  @Override
  public List<Call> rmsProp(UpdateRule.RmsProp rmsProp) {
    return regularized(
        rmsProp,
        UpdateKernels.rmsProp(
            weights(),
            slots.get(Slot.FIRST_MOMENT),
            slots.get(Slot.SECOND_MOMENT),
            gradient(),
            tables.count(),
            frame.mail().scalars(),
            rmsProp.alpha(),
            rmsProp.epsilon(),
            rmsProp.momentum()));
  }

  /** Lengths are those of the gradient before its decay. */
  @Override
  public List<Call> lars(UpdateRule.Lars lars) {
    List<Call> calls = new ArrayList<>();
    calls.add(larsSquares());
    calls.addAll(
        regularized(
            lars,
            UpdateKernels.lars(
                weights(),
                slots.get(Slot.FIRST_MOMENT),
                gradient(),
                tables.ranges(),
                tables.squares(),
                frame.mail().scalars(),
                lars.trust(),
                lars.momentum(),
                lars.decay().l2(),
                tables.parameters().size())));
    return calls;
  }

  private Call larsSquares() {
    return UpdateKernels.larsSquares(
        weights(),
        gradient(),
        tables.ranges(),
        partial,
        clipping.value(),
        clipping.norm(),
        tables.squares(),
        tables.parameters().size());
  }

  @Override
  public List<Call> muon(UpdateRule.Muon muon) {
    GroupedCalls others = new GroupedCalls(frame, tables, slots, true);
    List<Call> calls = new ArrayList<>();
    if (tables.areGrouped()) {
      others.regularization(muon, clipping, partial).ifPresent(calls::add);
    } else {
      calls.addAll(regularization(muon));
    }
    calls.add(muon.others().accept(others));
    MuonCalls matrices =
        new MuonCalls(frame, muon, tables, slots.get(Slot.FIRST_MOMENT), workspace);
    for (Parameter parameter : tables.parameters()) {
      if (muon.takes(parameter) && !tables.isFrozenForGood(parameter)) {
        calls.addAll(matrices.of(parameter));
      }
    }
    return calls;
  }

  /** Where parameters differ. */
  private List<Call> grouped(UpdateRule rule) {
    GroupedCalls calls = new GroupedCalls(frame, tables, slots, false);
    return Stream.concat(
            calls.regularization(rule, clipping, partial).stream(), Stream.of(rule.accept(calls)))
        .toList();
  }

  /** Whether the rule's own kernel clips, and lets one decay pull everywhere. */
  private boolean isUniform(UpdateRule rule) {
    return rule.decay().l1() == 0 && tables.covered() == null;
  }

  /** The update after a pass that clips and lets decay pull, where there is anything to do. */
  private List<Call> regularized(UpdateRule rule, Call update) {
    return Stream.concat(regularization(rule).stream(), Stream.of(update)).toList();
  }

  private List<Call> regularization(UpdateRule rule) {
    if (clipping.isNone() && rule.decay().isNone()) {
      return List.of();
    }
    return List.of(
        UpdateKernels.regularize(
            gradient(),
            weights(),
            tables.covered(),
            tables.count(),
            frame.mail().scalars(),
            partial,
            clipping.value(),
            clipping.norm(),
            rule.decay().l2(),
            rule.decay().l1(),
            rule.decoupled()));
  }

  private Address weights() {
    return frame.parameters();
  }

  private Address gradient() {
    return frame.parameterGradient();
  }
}
