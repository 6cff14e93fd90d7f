package belay.net;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that the next optimiser step depends on. Arrays are not copied; whoever holds a state
 * treats it as immutable.
 *
 * @param weights the parameters, then the statistics
 * @param slots what the update rule keeps, a value for each parameter
 * @param step optimiser steps taken
 * @param lossSum sum over images of the mean squared error since the epoch began
 * @param lossImages images in that sum
 */
public record TrainState(
    float[] weights, Map<Slot, float[]> slots, long step, double lossSum, long lossImages) {
  public TrainState {
    Map<Slot, float[]> inOrder = new EnumMap<>(Slot.class);
    inOrder.putAll(slots);
    slots = Collections.unmodifiableMap(inOrder);
  }

  /** The state before the first step: slots are zero. */
  public static TrainState initial(Network network, float[] weights, List<Slot> slots) {
    Map<Slot, float[]> zeros = new EnumMap<>(Slot.class);
    slots.forEach(slot -> zeros.put(slot, new float[network.parameterCount()]));
    return new TrainState(weights, zeros, 0, 0, 0);
  }

  /**
   * @throws IllegalArgumentException if the update rule keeps no such vector
   */
  public float[] slot(Slot slot) {
    if (!slots.containsKey(slot)) {
      throw new IllegalArgumentException("The state has no " + slot);
    }
    return slots.get(slot);
  }
}
