package belay.net;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that the next optimiser step depends on. Arrays are not copied; whoever holds a state
 * treats it as immutable.
 *
 * @param weights the parameters, then the statistics
 * @param slots what training keeps from step to step, a value for each parameter
 * @param step optimiser steps taken
 * @param tally of the steps since the epoch began
 */
public record TrainState(float[] weights, Map<Slot, float[]> slots, long step, Tally tally) {
  public TrainState {
    Map<Slot, float[]> inOrder = new EnumMap<>(Slot.class);
    inOrder.putAll(slots);
    slots = Collections.unmodifiableMap(inOrder);
  }

  /** The state before the first step: slots are zero, an average begins as the parameters. */
  public static TrainState initial(Network network, float[] weights, List<Slot> slots) {
    if (weights.length != network.weightCount()) {
      throw new IllegalArgumentException(
          "%d weights for %d".formatted(weights.length, network.weightCount()));
    }
    Map<Slot, float[]> zeros = new EnumMap<>(Slot.class);
    slots.forEach(slot -> zeros.put(slot, new float[network.parameterCount()]));
    zeros.computeIfPresent(
        Slot.AVERAGE, (slot, zero) -> Arrays.copyOf(weights, network.parameterCount()));
    return new TrainState(weights, zeros, 0, Tally.NONE);
  }

  /**
   * What evaluation and extraction use: the average of the parameters where one is kept, else the
   * parameters, then the statistics.
   */
  public float[] inferenceWeights() {
    if (!slots.containsKey(Slot.AVERAGE)) {
      return weights;
    }
    float[] average = slots.get(Slot.AVERAGE);
    float[] both = weights.clone();
    System.arraycopy(average, 0, both, 0, average.length);
    return both;
  }

  /**
   * @throws IllegalArgumentException if no such vector is kept
   */
  public float[] slot(Slot slot) {
    if (!slots.containsKey(slot)) {
      throw new IllegalArgumentException("The state has no " + slot);
    }
    return slots.get(slot);
  }
}
