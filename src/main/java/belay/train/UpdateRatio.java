package belay.train;

import belay.backend.ParameterGroups;
import belay.backend.UpdateRule;
import belay.net.Network;
import belay.net.Parameter;
import belay.net.Slot;
import belay.net.TrainState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Length of the last step's update over the length of the weights, for each parameter: about 1e-3
 * where training goes well. The update is computed again from the moments that the step left
 * behind, so that it costs the device nothing, is not blurred by the rounding of the weights, and
 * is a function of the state alone. Where a rule leaves too little behind, nobody is told.
 */
final class UpdateRatio {
  private static final int BLOCK = 1024; // floats that stay in the cache between two passes

  private final Parameter parameter;
  private final ParameterGroups groups;
  private final TrainState state;
  private final float rate;
  private final float[] change = new float[BLOCK];

  private UpdateRatio(Parameter parameter, ParameterGroups groups, TrainState state, float rate) {
    this.parameter = parameter;
    this.groups = groups;
    this.state = state;
    this.rate = rate * groups.rate(parameter);
  }

  /**
   * @param groups those that are ever frozen are left out
   * @param state after the step, whose number is its step
   * @param rate learning rate of the step
   * @return by name, in the network's order; NaN where all weights are 0; empty for a rule whose
   *     state does not tell its last update
   */
  static Map<String, Double> of(
      Network network, UpdateRule rule, ParameterGroups groups, TrainState state, double rate) {
    List<Parameter> parameters =
        network.program().parameters().stream()
            .filter(parameter -> groups.frozen(parameter).isEmpty())
            .toList();
    // Side by side, as an epoch on a GPU takes 0.2 s; each sum keeps its order.
    List<Optional<Double>> each =
        parameters.parallelStream()
            .map(parameter -> new UpdateRatio(parameter, groups, state, (float) rate).of(rule))
            .toList();
    Map<String, Double> ratios = new LinkedHashMap<>();
    for (int i = 0; i < parameters.size(); i++) {
      String name = parameters.get(i).name();
      each.get(i).ifPresent(ratio -> ratios.put(name, ratio));
    }
    return ratios;
  }

  private Optional<Double> of(UpdateRule rule) {
    return rule.accept(new Rules()).map(this::ratio);
  }

  private double ratio(LastChange lastChange) {
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

  private final class Rules implements UpdateRule.Cases<Optional<LastChange>> {
    /** Nesterov's update has a share of the last gradient, which no slot holds. */
    @Override
    public Optional<LastChange> sgd(UpdateRule.Sgd sgd) {
      return sgd.nesterov() ? Optional.empty() : Optional.of(firstMoment(rate));
    }

    private LastChange firstMoment(float factor) {
      float[] m = state.slot(Slot.FIRST_MOMENT);
      return (first, count) -> {
        for (int i = 0; i < count; i++) {
          change[i] = factor * m[first + i];
        }
      };
    }

    /** AdamW's decay is undone to find what it took. */
    @Override
    public Optional<LastChange> adam(UpdateRule.Adam adam) {
      float[] m = state.slot(Slot.FIRST_MOMENT);
      float[] v = state.slot(Slot.SECOND_MOMENT);
      float[] w = state.weights();
      float correction = (float) (1 - StrictMath.pow(adam.beta2(), state.step()));
      float scale = rate / (float) (1 - StrictMath.pow(adam.beta1(), state.step()));
      float keep = adam.decoupled() ? 1 - rate * groups.l2(parameter, adam.decay()) : 1;
      float decay = (1 - keep) / keep;
      return Optional.of(
          (first, count) -> {
            for (int i = 0; i < count; i++) {
              float root = (float) Math.sqrt(v[first + i] / correction) + adam.epsilon();
              float step = scale * m[first + i] / root;
              change[i] = step + decay * (w[first + i] + step);
            }
          });
    }

    /** The last gradient is not in its slot. */
    @Override
    public Optional<LastChange> adagrad(UpdateRule.Adagrad adagrad) {
      return Optional.empty();
    }

    @Override
    public Optional<LastChange> rmsProp(UpdateRule.RmsProp rmsProp) {
      return Optional.of(firstMoment(rate));
    }

    /** Its moment has the rate within it. */
    @Override
    public Optional<LastChange> lars(UpdateRule.Lars lars) {
      return Optional.of(firstMoment(1));
    }

    /** Its momentum is Nesterov's. */
    @Override
    public Optional<LastChange> muon(UpdateRule.Muon muon) {
      return Optional.empty();
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
