package belay.backend.update;

import belay.backend.ParameterGroups;
import belay.backend.StepScalars;
import belay.backend.TrainSpec;
import belay.net.Network;
import belay.net.Parameter;
import belay.net.Slot;
import belay.net.Tally;
import belay.net.TrainState;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Clipping, the update rule and the average of the weights over flat arrays: the definition of all
 * three, and what the CPU backends run (one pass over the parameters costs little beside a step).
 */
public final class Update {
  private final TrainSpec spec;
  private final Clip clip;
  private final List<Part> parts;
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
    this.parts = parts(network.program().parameters());
  }

  /**
   * Parameters that are treated alike.
   *
   * @param rate what the learning rate is multiplied by
   */
  private record Part(
      Range range, float rate, Optional<ParameterGroups.Frozen> frozen, RuleStep rule) {
    boolean isFrozen(int epoch) {
      return frozen.filter(each -> each.covers(epoch)).isPresent();
    }

    boolean isFrozenForGood() {
      return frozen.filter(ParameterGroups.Frozen::isForGood).isPresent();
    }
  }

  private List<Part> parts(List<Parameter> parameters) {
    ParameterGroups groups = spec.groups();
    return groups.isNone()
        ? List.of(part(parameters))
        : parameters.stream().map(parameter -> part(List.of(parameter))).toList();
  }

  private Part part(List<Parameter> parameters) {
    RuleSteps steps = new RuleSteps(parameters, slots, spec.groups());
    Parameter first = parameters.get(0);
    return new Part(
        Range.of(parameters),
        spec.groups().rate(first),
        spec.groups().frozen(first),
        spec.rule().accept(steps));
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
    forget(gradient);
    clip.apply(gradient);
    for (Part part : parts) {
      if (!part.isFrozen(scalars.epoch())) {
        part.rule().apply(weights, gradient, scalars.learningRate() * part.rate(), step);
      }
    }
    if (spec.average().isKept()) {
      average(slots.get(Slot.AVERAGE), spec.average().share(step));
    }
  }

  /** What is frozen for good takes no part in the length that clipping limits. */
  private void forget(float[] gradient) {
    for (Part part : parts) {
      if (part.isFrozenForGood()) {
        Arrays.fill(gradient, part.range().from(), part.range().to(), 0);
      }
    }
  }

  private void average(float[] average, float share) {
    for (int i = 0; i < average.length; i++) {
      average[i] += share * (weights[i] - average[i]);
    }
  }
}
