package belay.backend.update;

import belay.backend.StepScalars;
import belay.backend.TrainSpec;
import belay.net.Network;
import belay.net.Slot;
import belay.net.Tally;
import belay.net.TrainState;
import java.util.EnumMap;
import java.util.Map;

/**
 * Clipping, the update rule and the average of the weights over flat arrays: the definition of all
 * three, and what the CPU backends run (one pass over the parameters costs little beside a step).
 */
public final class Update {
  private final TrainSpec spec;
  private final Clip clip;
  private final RuleStep rule;
  private final float[] weights;
  private final Map<Slot, float[]> slots;
  private long step;

  /**
   * @param start where to go on from; its arrays are copied
   */
  public Update(Network network, TrainSpec spec, TrainState start) {
    this.spec = spec;
    this.clip = new Clip(spec.clipping());
    this.weights = start.weights().clone();
    this.slots = copy(start.slots());
    this.step = start.step();
    this.rule = RuleSteps.of(spec.rule(), network.program().parameters(), slots);
  }

  /**
   * The weights as they are now: parameters, which {@link #apply} changes, and statistics, which
   * the plan may set.
   */
  public float[] weights() {
    return weights;
  }

  /** Optimiser steps taken. */
  public long step() {
    return step;
  }

  /** What evaluation uses now; the weights themselves where no average is kept. */
  public float[] inferenceWeights() {
    return new TrainState(weights, slots, step, Tally.NONE).inferenceWeights();
  }

  private static Map<Slot, float[]> copy(Map<Slot, float[]> slots) {
    Map<Slot, float[]> copy = new EnumMap<>(Slot.class);
    slots.forEach((slot, values) -> copy.put(slot, values.clone()));
    return copy;
  }

  /** A copy of weights, slots and step together with this tally. */
  public TrainState snapshot(Tally tally) {
    return new TrainState(weights.clone(), copy(slots), step, tally);
  }

  /**
   * Goes on from another state.
   *
   * @param state whose arrays are copied
   */
  public void load(TrainState state) {
    System.arraycopy(state.weights(), 0, weights, 0, weights.length);
    slots.forEach((slot, mine) -> System.arraycopy(state.slot(slot), 0, mine, 0, mine.length));
    step = state.step();
  }

  /**
   * One step.
   *
   * @param gradient of the loss [parameters]; overwritten
   */
  public void apply(float[] gradient, StepScalars scalars) {
    step++;
    clip.apply(gradient);
    rule.apply(weights, gradient, scalars.learningRate(), step);
    if (spec.average().isKept()) {
      average(slots.get(Slot.AVERAGE), spec.average().share(step));
    }
  }

  private void average(float[] average, float share) {
    for (int i = 0; i < average.length; i++) {
      average[i] += share * (weights[i] - average[i]);
    }
  }
}
