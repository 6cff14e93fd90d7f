package belay.svm.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.PairSolution;
import belay.error.StoppedException;
import belay.random.Philox;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
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
      PairSolution solution = solve(kernel, labels, c, TOLERANCE);
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
    PairSolution solution = solve(source(identity), new byte[] {1, -1}, 10, TOLERANCE);
    assertArrayEquals(new double[] {1, -1}, solution.coefficients());
    assertEquals(0, solution.rho());
    assertEquals(-1, solution.objective());
    assertEquals(1, solution.iterations());
  }

  @Test
  void alphasStopAtC() {
    float[][] identity = {{1, 0}, {0, 1}};
    PairSolution solution = solve(source(identity), new byte[] {1, -1}, 0.3, TOLERANCE);
    assertArrayEquals(new double[] {0.3, -0.3}, solution.coefficients());
  }

  @Test
  void tiesGoToTheLowestIndex() {
    float[][] identity = {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}};
    PairSolution first = solve(source(identity), new byte[] {1, 1, -1, 1}, 10, 1.5);
    assertArrayEquals(new double[] {1, 0, -1, 0}, first.coefficients());
    PairSolution second = solve(source(identity), new byte[] {1, -1, -1, -1}, 10, 1.5);
    assertArrayEquals(new double[] {1, -1, 0, 0}, second.coefficients());
  }

  @Test
  void rhoLiesBetweenTheBoundsWhenNoVectorIsFree() {
    float[][] ones = {{1, 1, 1}, {1, 1, 1}, {1, 1, 1}};
    PairSolution solution = solve(source(ones), new byte[] {1, -1, -1}, 2, TOLERANCE);
    assertArrayEquals(new double[] {2, -2, 0}, solution.coefficients());
    // Three equal samples, two of them negative: the decision is -1 everywhere.
    assertEquals(1, solution.rho());
  }

  @Test
  void hearsTheStopSignal() {
    SmoSolver solver = new SmoSolver(gram(60, 2, 1), labels(60, 1), bounds(60, 100), TOLERANCE);
    StopCheck stopped = new StopCheck(() -> true);
    assertThrows(StoppedException.class, () -> solver.solve(done -> stopped.check()));
  }

  @Test
  void countsEveryIterationOnce() {
    AtomicLong told = new AtomicLong();
    PairSolution solution =
        new SmoSolver(gram(151, 40, 1), labels(151, 1), bounds(151, 10), TOLERANCE)
            .solve(told::addAndGet);
    assertEquals(solution.iterations(), told.get());
    assertTrue(told.get() > 64);
  }

  @Test
  void aSampleWithBoundZeroTakesNoPart() {
    KernelSource all = gram(80, 3, 4);
    byte[] labels = labels(80, 4);
    double[] bounds = bounds(80, 5);
    int[] kept = IntStream.range(0, 80).filter(i -> i % 4 != 3).toArray();
    IntStream.range(0, 80).filter(i -> i % 4 == 3).forEach(i -> bounds[i] = 0);
    PairSolution without = new SmoSolver(all, labels, bounds, TOLERANCE).solve(done -> {});
    byte[] few = new byte[kept.length];
    float[][] rows = new float[kept.length][kept.length];
    for (int i = 0; i < kept.length; i++) {
      few[i] = labels[kept[i]];
      for (int j = 0; j < kept.length; j++) {
        rows[i][j] = all.row(kept[i])[kept[j]];
      }
    }
    PairSolution alone = solve(source(rows), few, 5, TOLERANCE);
    assertEquals(alone.rho(), without.rho());
    assertEquals(alone.objective(), without.objective());
    assertArrayEquals(
        alone.coefficients(),
        IntStream.of(kept).mapToDouble(i -> without.coefficients()[i]).toArray());
    assertEquals(
        0,
        IntStream.range(0, 80).filter(i -> i % 4 == 3 && without.coefficients()[i] != 0).count());
  }

  private static double[] bounds(int size, double c) {
    double[] bounds = new double[size];
    Arrays.fill(bounds, c);
    return bounds;
  }

  private static PairSolution solve(
      KernelSource kernel, byte[] labels, double c, double tolerance) {
    return new SmoSolver(kernel, labels, bounds(labels.length, c), tolerance).solve(done -> {});
  }

  private static void assertFeasible(PairSolution solution, byte[] labels, double c) {
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

  private static double objective(double[] f, byte[] labels, PairSolution solution) {
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
