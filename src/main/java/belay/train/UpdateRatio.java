package belay.train;

import belay.backend.UpdateRule;
import belay.net.Network;
import belay.net.Parameter;
import belay.net.Slot;
import belay.net.TrainState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Length of the last step's update over the length of the weights, for each parameter: about 1e-3
 * where training goes well. The update is computed again from the moments that the step left
 * behind, so that it costs the device nothing, is not blurred by the rounding of the weights, and
 * is a function of the state alone.
 */
final class UpdateRatio {
  private static final int BLOCK = 1024; // floats that stay in the cache between two passes

  private final LastChange lastChange;
  private final TrainState state;
  private final float rate;
  private final float[] change = new float[BLOCK];

  private UpdateRatio(UpdateRule rule, TrainState state, float rate) {
    this.state = state;
    this.rate = rate;
    this.lastChange = rule.accept(new Rules());
  }

  /**
   * @param state after the step, whose number is its step
   * @param rate learning rate of the step
   * @return by name, in the network's order; NaN where all weights are 0
   */
  static Map<String, Double> of(Network network, UpdateRule rule, TrainState state, double rate) {
    List<Parameter> parameters = network.program().parameters();
    // Side by side, as an epoch on a GPU takes 0.2 s; each sum keeps its order.
    List<Double> each =
        parameters.parallelStream()
            .map(parameter -> new UpdateRatio(rule, state, (float) rate).of(parameter))
            .toList();
    Map<String, Double> ratios = new LinkedHashMap<>();
    for (int i = 0; i < parameters.size(); i++) {
      ratios.put(parameters.get(i).name(), each.get(i));
    }
    return ratios;
  }

  private double of(Parameter parameter) {
    double changed = 0;
    double weights = 0;
    for (int first = parameter.offset(); first < parameter.end(); first += BLOCK) {
      int count = Math.min(BLOCK, parameter.end() - first);
      lastChange.of(first, count);
      changed += squares(change, 0, count);
      weights += squares(state.weights(), first, count);
    }
    return weights == 0 ? Double.NaN : Math.sqrt(changed / weights);
  }

  /** Fills {@link #change}. */
  private interface LastChange {
    void of(int first, int count);
  }

  private final class Rules implements UpdateRule.Cases<LastChange> {
    @Override
    public LastChange sgd(UpdateRule.Sgd sgd) {
      float[] m = state.slot(Slot.FIRST_MOMENT);
      return (first, count) -> {
        for (int i = 0; i < count; i++) {
          change[i] = rate * m[first + i];
        }
      };
    }

    /** As {@link belay.backend.Update} applies it; AdamW's decay is undone to find what it took. */
    @Override
    public LastChange adam(UpdateRule.Adam adam) {
      float[] m = state.slot(Slot.FIRST_MOMENT);
      float[] v = state.slot(Slot.SECOND_MOMENT);
      float[] w = state.weights();
      float correction = (float) (1 - StrictMath.pow(adam.beta2(), state.step()));
      float scale = rate / (float) (1 - StrictMath.pow(adam.beta1(), state.step()));
      float keep = adam.decoupled() ? 1 - rate * adam.weightDecay() : 1;
      float decay = (1 - keep) / keep;
      return (first, count) -> {
        for (int i = 0; i < count; i++) {
          float root = (float) Math.sqrt(v[first + i] / correction) + adam.epsilon();
          float step = scale * m[first + i] / root;
          change[i] = step + decay * (w[first + i] + step);
        }
      };
    }
  }

  /** In four sums, which the processor adds side by side. */
  private static double squares(float[] values, int first, int count) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = first;
    for (; i + 3 < first + count; i += 4) {
      a += (double) values[i] * values[i];
      b += (double) values[i + 1] * values[i + 1];
      c += (double) values[i + 2] * values[i + 2];
      d += (double) values[i + 3] * values[i + 3];
    }
    for (; i < first + count; i++) {
      a += (double) values[i] * values[i];
    }
    return a + b + (c + d);
  }
}
