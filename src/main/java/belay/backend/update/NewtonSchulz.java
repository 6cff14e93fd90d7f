package belay.backend.update;

import belay.backend.UpdateRule;

/**
 * Moves the singular values of a matrix towards 1 by a polynomial of odd degree, a few times: X = a
 * X + X (b A + c A^2) with A = X^T X (Jordan et al. 2024). In f64, sums from the first term to the
 * last.
 *
 * @param rows at least as many as columns
 */
record NewtonSchulz(int rows, int columns, int steps) {
  private static final double EPSILON = 1e-7;

  /**
   * @param matrix [rows, columns] of any length; kept
   * @return after five steps singular values between 0.7 and 1.2, but for those that were nearly 0
   */
  double[] orthogonal(double[] matrix) {
    double[] x = normalized(matrix);
    float a = UpdateRule.Muon.coefficient(0);
    float b = UpdateRule.Muon.coefficient(1);
    float c = UpdateRule.Muon.coefficient(2);
    for (int step = 0; step < steps; step++) {
      double[] gram = gram(x);
      double[] polynomial = sum(b, gram, c, product(gram, columns, gram));
      x = sum(a, x, 1, product(x, rows, polynomial));
    }
    return x;
  }

  private static double[] normalized(double[] matrix) {
    double squares = 0;
    for (double value : matrix) {
      squares += value * value;
    }
    return sum(1 / (Math.sqrt(squares) + EPSILON), matrix, 0, matrix);
  }

  /** X^T X. */
  private double[] gram(double[] x) {
    double[] gram = new double[columns * columns];
    for (int k = 0; k < rows; k++) {
      for (int i = 0; i < columns; i++) {
        add(x[k * columns + i], x, k * columns, gram, i * columns);
      }
    }
    return gram;
  }

  /** Of [height, columns] and [columns, columns]. */
  private double[] product(double[] left, int height, double[] right) {
    double[] product = new double[height * columns];
    for (int i = 0; i < height; i++) {
      for (int k = 0; k < columns; k++) {
        add(left[i * columns + k], right, k * columns, product, i * columns);
      }
    }
    return product;
  }

  /** One row more of a product; the processor adds its columns side by side. */
  private void add(double factor, double[] from, int fromStart, double[] to, int toStart) {
    for (int j = 0; j < columns; j++) {
      to[toStart + j] += factor * from[fromStart + j];
    }
  }

  private static double[] sum(double alpha, double[] a, double beta, double[] b) {
    double[] sum = new double[a.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = alpha * a[i] + beta * b[i];
    }
    return sum;
  }
}
