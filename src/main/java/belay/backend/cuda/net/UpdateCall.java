package belay.backend.cuda.net;

import belay.backend.TrainSpec;
import belay.backend.UpdateRule;
import belay.backend.cuda.driver.Arena;
import belay.backend.cuda.driver.Call;
import belay.backend.cuda.kernels.UpdateKernels;
import belay.net.Slot;
import java.util.Map;

/**
 * The launch by which each rule changes the parameters.
 *
 * @param slots what the rule keeps for each parameter
 * @param squares of the gradient, summed in parts, for its norm
 */
record UpdateCall(
    Frame frame, Map<Slot, Arena.Slice> slots, Arena.Slice squares, TrainSpec.Clipping clipping)
    implements UpdateRule.Cases<Call> {
  @Override
  public Call sgd(UpdateRule.Sgd sgd) {
    return UpdateKernels.sgd(
        frame.parameters(),
        slots.get(Slot.FIRST_MOMENT),
        frame.parameterGradient(),
        frame.paddedParameters(),
        frame.mail(),
        squares,
        clipping.value(),
        clipping.norm(),
        sgd.momentum(),
        sgd.weightDecay());
  }

  @Override
  public Call adam(UpdateRule.Adam adam) {
    return UpdateKernels.adam(
        frame.parameters(),
        slots.get(Slot.FIRST_MOMENT),
        slots.get(Slot.SECOND_MOMENT),
        frame.parameterGradient(),
        frame.paddedParameters(),
        frame.mail(),
        squares,
        clipping.value(),
        clipping.norm(),
        adam.beta1(),
        adam.beta2(),
        adam.epsilon(),
        adam.weightDecay(),
        adam.decoupled());
  }
}
