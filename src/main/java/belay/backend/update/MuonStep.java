package belay.backend.update;

import belay.backend.UpdateRule;
import belay.net.Parameter;
import belay.net.Role;
import java.util.List;

/** {@link UpdateRule.Muon}. */
record MuonStep(
    UpdateRule.Muon rule, List<Parameter> parameters, float[] firstMoment, AdamStep others)
    implements RuleStep {
  @Override
  public void apply(float[] weights, float[] gradient, float rate, long step) {
    for (Parameter parameter : parameters) {
      if (parameter.role() == Role.KERNEL) {
        descend(parameter, weights, gradient, rate);
      } else {
        others.apply(weights, gradient, rate, step, parameter.offset(), parameter.end());
      }
    }
  }

  private void descend(Parameter parameter, float[] weights, float[] gradient, float rate) {
    int columns = UpdateRule.Muon.columns(parameter);
    int rows = parameter.size() / columns;
    double[] update = orthogonal(momentum(parameter, gradient), rows, columns);
    float scaled = rate * UpdateRule.Muon.scale(parameter);
    for (int i = 0; i < update.length; i++) {
      weights[parameter.offset() + i] -= scaled * (float) update[i];
    }
  }

  private double[] momentum(Parameter parameter, float[] gradient) {
    double[] update = new double[parameter.size()];
    for (int i = 0; i < update.length; i++) {
      int at = parameter.offset() + i;
      float m = rule.momentum() * firstMoment[at] + gradient[at];
      firstMoment[at] = m;
      update[i] = gradient[at] + rule.momentum() * m;
    }
    return update;
  }

  private static double[] orthogonal(double[] matrix, int rows, int columns) {
    return rows >= columns
        ? new NewtonSchulz(rows, columns).orthogonal(matrix)
        : transposed(
            new NewtonSchulz(columns, rows).orthogonal(transposed(matrix, rows, columns)),
            columns,
            rows);
  }

  private static double[] transposed(double[] matrix, int rows, int columns) {
    double[] transposed = new double[matrix.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        transposed[j * rows + i] = matrix[i * columns + j];
      }
    }
    return transposed;
  }
}
