package belay.train;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Eigenvalues and eigenvectors of a small symmetric matrix by Jacobi's rotations, row after row
 * (Golub, Van Loan 2013, section 8.5): the same bits everywhere.
 *
 * @param values the largest first [n]
 * @param vectors of length 1; the largest component of each is positive [n][n]
 */
record SymmetricEigen(double[] values, double[][] vectors) {
  private static final int MOST_SWEEPS = 100; // about ten are needed
  private static final double NEGLIGIBLE = 1e-30; // squares, beside those of the matrix

  /**
   * @param matrix [n][n]; kept
   */
  static SymmetricEigen of(double[][] matrix) {
    int n = matrix.length;
    double[][] a = new double[n][];
    double[][] vectors = new double[n][n];
    for (int i = 0; i < n; i++) {
      a[i] = matrix[i].clone();
      vectors[i][i] = 1;
    }
    double enough = NEGLIGIBLE * squares(a, true);
    for (int sweep = 0; sweep < MOST_SWEEPS && squares(a, false) > enough; sweep++) {
      for (int p = 0; p < n; p++) {
        for (int q = p + 1; q < n; q++) {
          rotate(a, vectors, p, q);
        }
      }
    }
    return sorted(a, vectors);
  }

  private static double squares(double[][] a, boolean diagonal) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a.length; j++) {
        sum += i != j || diagonal ? a[i][j] * a[i][j] : 0;
      }
    }
    return sum;
  }

  /** Makes a[p][q] 0; rows of vectors are the eigenvectors. */
  private static void rotate(double[][] a, double[][] vectors, int p, int q) {
    if (a[p][q] == 0) {
      return;
    }
    double tau = (a[q][q] - a[p][p]) / (2 * a[p][q]);
    double t = (tau < 0 ? -1 : 1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
    double c = 1 / Math.sqrt(1 + t * t);
    double s = t * c;
    for (int k = 0; k < a.length; k++) {
      double left = a[k][p];
      double right = a[k][q];
      a[k][p] = c * left - s * right;
      a[k][q] = s * left + c * right;
    }
    rotateRows(a, p, q, c, s);
    rotateRows(vectors, p, q, c, s);
  }

  private static void rotateRows(double[][] rows, int p, int q, double c, double s) {
    for (int k = 0; k < rows.length; k++) {
      double upper = rows[p][k];
      double lower = rows[q][k];
      rows[p][k] = c * upper - s * lower;
      rows[q][k] = s * upper + c * lower;
    }
  }

  private static SymmetricEigen sorted(double[][] a, double[][] vectors) {
    Integer[] order = new Integer[a.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> -a[i][i]));
    double[] values = new double[a.length];
    double[][] inOrder = new double[a.length][];
    for (int i = 0; i < values.length; i++) {
      values[i] = a[order[i]][order[i]];
      inOrder[i] = upright(vectors[order[i]]);
    }
    return new SymmetricEigen(values, inOrder);
  }

  private static double[] upright(double[] vector) {
    double largest = 0;
    for (double value : vector) {
      largest = Math.abs(value) > Math.abs(largest) ? value : largest;
    }
    double sign = Math.signum(largest);
    return Arrays.stream(vector).map(value -> sign * value).toArray();
  }
}
