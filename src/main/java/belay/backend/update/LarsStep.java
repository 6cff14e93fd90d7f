package belay.backend.update;

import belay.backend.UpdateRule;
import belay.net.Parameter;
import belay.net.Role;
import java.util.List;

/** {@link UpdateRule.Lars}; lengths are sums in f64 from the first value to the last. */
record LarsStep(
    UpdateRule.Lars rule, List<Parameter> parameters, DecayStep decay, float[] firstMoment)
    implements RuleStep {
  @Override
  public void apply(float[] weights, float[] gradient, float rate, long step) {
    double[] ratios = parameters.stream().mapToDouble(p -> ratio(p, weights, gradient)).toArray();
    decay.apply(weights, gradient, rate);
    for (int p = 0; p < ratios.length; p++) {
      descend(parameters.get(p), (float) (rate * ratios[p]), weights, gradient);
    }
  }

  private double ratio(Parameter parameter, float[] weights, float[] gradient) {
    if (parameter.role() != Role.KERNEL) {
      return 1;
    }
    double length = length(parameter, weights);
    double divisor = length(parameter, gradient) + rule.decay().l2() * length;
    return length == 0 || divisor == 0 ? 1 : rule.trust() * length / divisor;
  }

  private static double length(Parameter parameter, float[] vector) {
    double squares = 0;
    for (int i = parameter.offset(); i < parameter.end(); i++) {
      squares += (double) vector[i] * vector[i];
    }
    return Math.sqrt(squares);
  }

  private void descend(Parameter parameter, float rate, float[] weights, float[] gradient) {
    for (int i = parameter.offset(); i < parameter.end(); i++) {
      firstMoment[i] = rule.momentum() * firstMoment[i] + rate * gradient[i];
      weights[i] -= firstMoment[i];
    }
  }
}
