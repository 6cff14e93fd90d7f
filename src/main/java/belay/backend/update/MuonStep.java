package belay.backend.update;

import belay.backend.UpdateRule;
import belay.net.Parameter;
import java.util.List;

/** {@link UpdateRule.Muon}. */
record MuonStep(
    UpdateRule.Muon rule, List<Parameter> matrices, float[] firstMoment, List<RuleStep> others)
    implements RuleStep {
  @Override
  public void apply(float[] weights, float[] gradient, float rate, long step) {
    matrices.forEach(matrix -> descend(matrix, weights, gradient, rate));
    others.forEach(other -> other.apply(weights, gradient, rate, step));
  }

  private void descend(Parameter parameter, float[] weights, float[] gradient, float rate) {
    int columns = UpdateRule.Muon.columns(parameter);
    int rows = parameter.size() / columns;
    double[] update = orthogonal(momentum(parameter, gradient), rows, columns);
    float scaled = rate * rule.scale(parameter);
    float keep = keep(parameter, weights);
    for (int i = 0; i < update.length; i++) {
      int at = parameter.offset() + i;
      weights[at] = keep * weights[at] - scaled * (float) update[i];
    }
  }

  /** What brings weights to the length that they are to have; a length of 0 stays. */
  private float keep(Parameter parameter, float[] weights) {
    float wanted = rule.length(parameter);
    if (wanted == 0) {
      return 1;
    }
    double squares = 0;
    for (int i = parameter.offset(); i < parameter.end(); i++) {
      squares += (double) weights[i] * weights[i];
    }
    return squares == 0 ? 1 : (float) (wanted / Math.sqrt(squares));
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

  private double[] orthogonal(double[] matrix, int rows, int columns) {
    int steps = rule.form().steps();
    return rows >= columns
        ? new NewtonSchulz(rows, columns, steps).orthogonal(matrix)
        : transposed(
            new NewtonSchulz(columns, rows, steps).orthogonal(transposed(matrix, rows, columns)),
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
