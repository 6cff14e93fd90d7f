package belay.svm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.error.StoppedException;
import belay.random.Philox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmoSolverTest {
  private static final double TOLERANCE = 1e-3;

  @ParameterizedTest
  @CsvSource({"2, 1, 1", "10, 3, 0.1", "60, 2, 1", "60, 5, 20", "151, 40, 10", "90, 120, 1000"})
  void randomProblemsEndAtTheOptimum(int size, int features, double c) {
    for (int seed = 0; seed < 5; seed++) {
      KernelSource kernel = gram(size, features, seed);
      byte[] labels = labels(size, seed);
      Solution solution = solve(kernel, labels, c, TOLERANCE);
      assertTrue(solution.converged());
      assertFeasible(solution, labels, c);
      double[] f = negativeGradient(kernel, labels, solution.coefficients());
      // F in one piece against F in steps: doubles, products of floats.
      assertTrue(violation(f, labels, solution.coefficients(), c) < TOLERANCE + 1e-4);
      assertEquals(objective(f, labels, solution), solution.objective(), 1e-6 * size * c);
    }
  }

  @Test
  void endsOnAMatrixThatIsNoKernel() {
    Philox random = new Philox(9, Philox.Purpose.SYNTHETIC_IMAGES);
    float[][] rows = new float[50][50];
    for (int i = 0; i < 50; i++) {
      for (int j = 0; j <= i; j++) {
        rows[i][j] = random.normal(i, j);
        rows[j][i] = rows[i][j];
      }
    }
    byte[] labels = labels(50, 9);
    assertFeasible(solve(source(rows), labels, 1, TOLERANCE), labels, 1);
  }

  @Test
  void twoSamplesMeetHalfWay() {
    float[][] identity = {{1, 0}, {0, 1}};
    Solution solution = solve(source(identity), new byte[] {1, -1}, 10, TOLERANCE);
    assertArrayEquals(new double[] {1, -1}, solution.coefficients());
    assertEquals(0, solution.rho());
    assertEquals(-1, solution.objective());
    assertEquals(1, solution.iterations());
  }

  @Test
  void alphasStopAtC() {
    float[][] identity = {{1, 0}, {0, 1}};
    Solution solution = solve(source(identity), new byte[] {1, -1}, 0.3, TOLERANCE);
    assertArrayEquals(new double[] {0.3, -0.3}, solution.coefficients());
  }

  @Test
  void tiesGoToTheLowestIndex() {
    float[][] identity = {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}};
    Solution first = solve(source(identity), new byte[] {1, 1, -1, 1}, 10, 1.5);
    assertArrayEquals(new double[] {1, 0, -1, 0}, first.coefficients());
    Solution second = solve(source(identity), new byte[] {1, -1, -1, -1}, 10, 1.5);
    assertArrayEquals(new double[] {1, -1, 0, 0}, second.coefficients());
  }

  @Test
  void rhoLiesBetweenTheBoundsWhenNoVectorIsFree() {
    float[][] ones = {{1, 1, 1}, {1, 1, 1}, {1, 1, 1}};
    Solution solution = solve(source(ones), new byte[] {1, -1, -1}, 2, TOLERANCE);
    assertArrayEquals(new double[] {2, -2, 0}, solution.coefficients());
    // Three equal samples, two of them negative: the decision is -1 everywhere.
    assertEquals(1, solution.rho());
  }

  @Test
  void hearsTheStopSignal() {
    SmoSolver solver = new SmoSolver(gram(60, 2, 1), labels(60, 1), 100, TOLERANCE);
    Cancellation cancellation = new Cancellation(() -> true);
    assertThrows(StoppedException.class, () -> solver.solve(cancellation, "problem=1/1"));
  }

  private static Solution solve(KernelSource kernel, byte[] labels, double c, double tolerance) {
    return new SmoSolver(kernel, labels, c, tolerance)
        .solve(new Cancellation(() -> false), "problem=1/1");
  }

  private static void assertFeasible(Solution solution, byte[] labels, double c) {
    double sum = 0;
    for (int i = 0; i < labels.length; i++) {
      double alpha = solution.coefficients()[i] * labels[i];
      assertTrue(alpha >= 0 && alpha <= c, "alpha " + i + " = " + alpha);
      sum += solution.coefficients()[i];
    }
    assertEquals(0, sum, 1e-12 * c * labels.length);
  }

  /** y_i - sum_j b_j K_ij */
  private static double[] negativeGradient(KernelSource kernel, byte[] labels, double[] b) {
    double[] f = new double[labels.length];
    for (int i = 0; i < f.length; i++) {
      f[i] = labels[i];
      for (int j = 0; j < f.length; j++) {
        f[i] -= b[j] * kernel.row(i)[j];
      }
    }
    return f;
  }

  /** Largest F of those that may grow over smallest F of those that may shrink. */
  private static double violation(double[] f, byte[] labels, double[] b, double c) {
    double most = Double.NEGATIVE_INFINITY;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < f.length; i++) {
      double alpha = b[i] * labels[i];
      boolean grows = labels[i] > 0 ? alpha < c : alpha > 0;
      boolean shrinks = labels[i] > 0 ? alpha > 0 : alpha < c;
      most = grows ? Math.max(most, f[i]) : most;
      least = shrinks ? Math.min(least, f[i]) : least;
    }
    return most - least;
  }

  private static double objective(double[] f, byte[] labels, Solution solution) {
    double sum = 0;
    for (int i = 0; i < f.length; i++) {
      double b = solution.coefficients()[i];
      sum += 0.5 * b * (labels[i] - f[i]) - b * labels[i];
    }
    return sum;
  }

  /** Linear kernel of normal samples; fewer features than samples make it singular. */
  private static KernelSource gram(int size, int features, int seed) {
    Philox random = new Philox(seed, Philox.Purpose.SYNTHETIC_IMAGES);
    float[][] samples = new float[size][features];
    float[][] rows = new float[size][size];
    for (int i = 0; i < size; i++) {
      for (int k = 0; k < features; k++) {
        samples[i][k] = random.normal(k, i);
      }
      for (int j = 0; j <= i; j++) {
        for (int k = 0; k < features; k++) {
          rows[i][j] += samples[i][k] * samples[j][k];
        }
        rows[j][i] = rows[i][j];
      }
    }
    return source(rows);
  }

  private static byte[] labels(int size, int seed) {
    Philox random = new Philox(seed, Philox.Purpose.ROW_ORDER);
    byte[] labels = new byte[size];
    for (int i = 0; i < size; i++) {
      labels[i] = (byte) (random.below(2, 0, i) * 2 - 1);
    }
    labels[0] = 1;
    labels[1] = -1;
    return labels;
  }

  private static KernelSource source(float[][] rows) {
    float[] diagonal = new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      diagonal[i] = rows[i][i];
    }
    return new StoredKernel(rows, diagonal);
  }
}
