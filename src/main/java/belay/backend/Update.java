package belay.backend;

import belay.net.Slot;
import belay.net.TrainState;
import java.util.EnumMap;
import java.util.Map;

/**
 * Clipping and the optimiser's update in plain Java over flat arrays: the definition of both, and
 * what the CPU backends run (one pass over the parameters costs little beside a step).
 */
public final class Update {
  private final TrainSpec.Clipping clipping;
  private final Arithmetic arithmetic;
  private final float[] weights;
  private final Map<Slot, float[]> slots;
  private long step;

  /**
   * @param start where to go on from; its arrays are copied
   */
  public Update(TrainSpec spec, TrainState start) {
    this.clipping = spec.clipping();
    this.weights = start.weights().clone();
    this.slots = copy(start.slots());
    this.step = start.step();
    this.arithmetic = spec.rule().accept(new Rules());
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

  private static Map<Slot, float[]> copy(Map<Slot, float[]> slots) {
    Map<Slot, float[]> copy = new EnumMap<>(Slot.class);
    slots.forEach((slot, values) -> copy.put(slot, values.clone()));
    return copy;
  }

  /** A copy of weights, slots and step together with the given loss sum. */
  public TrainState snapshot(double lossSum, long lossImages) {
    return new TrainState(weights.clone(), copy(slots), step, lossSum, lossImages);
  }

  /**
   * One step.
   *
   * @param gradient of the loss [parameters]; overwritten
   */
  public void apply(float[] gradient, StepScalars scalars) {
    step++;
    clip(gradient);
    arithmetic.apply(gradient, scalars.learningRate());
  }

  private void clip(float[] gradient) {
    if (clipping.value() > 0) {
      float limit = clipping.value();
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] = Math.max(-limit, Math.min(limit, gradient[i]));
      }
    }
    if (clipping.norm() > 0) {
      double squares = 0;
      for (float g : gradient) {
        squares += (double) g * g;
      }
      float scale = (float) (clipping.norm() / Math.sqrt(squares));
      if (scale < 1) {
        for (int i = 0; i < gradient.length; i++) {
          gradient[i] *= scale;
        }
      }
    }
  }

  /** What a rule does to weights and slots. */
  private interface Arithmetic {
    void apply(float[] gradient, float rate);
  }

  private final class Rules implements UpdateRule.Cases<Arithmetic> {
    @Override
    public Arithmetic sgd(UpdateRule.Sgd sgd) {
      float[] firstMoment = slots.get(Slot.FIRST_MOMENT);
      return (gradient, rate) -> {
        for (int i = 0; i < gradient.length; i++) {
          float g = gradient[i] + sgd.weightDecay() * weights[i];
          firstMoment[i] = sgd.momentum() * firstMoment[i] + g;
          weights[i] -= rate * firstMoment[i];
        }
      };
    }

    @Override
    public Arithmetic adam(UpdateRule.Adam adam) {
      float[] firstMoment = slots.get(Slot.FIRST_MOMENT);
      float[] secondMoment = slots.get(Slot.SECOND_MOMENT);
      return (gradient, rate) -> {
        float coupled = adam.decoupled() ? 0 : adam.weightDecay();
        float keep = adam.decoupled() ? 1 - rate * adam.weightDecay() : 1;
        float correction1 = (float) (1 - StrictMath.pow(adam.beta1(), step));
        float correction2 = (float) (1 - StrictMath.pow(adam.beta2(), step));
        for (int i = 0; i < gradient.length; i++) {
          float g = gradient[i] + coupled * weights[i];
          float m = adam.beta1() * firstMoment[i] + (1 - adam.beta1()) * g;
          float v = adam.beta2() * secondMoment[i] + (1 - adam.beta2()) * g * g;
          firstMoment[i] = m;
          secondMoment[i] = v;
          float root = (float) Math.sqrt(v / correction2) + adam.epsilon();
          weights[i] = keep * weights[i] - rate * (m / correction1) / root;
        }
      };
    }
  }
}
