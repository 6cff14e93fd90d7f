package belay.svm.host;

import belay.backend.PairSolution;
import java.util.function.LongConsumer;

/**
 * Sequential minimal optimisation of one binary C-SVC problem, min 0.5 a' Q a - sum a with 0 <= a_i
 * <= C_i and y' a = 0. The first sample of a pair violates optimality most, the second promises the
 * largest decrease by second-order information: WSS 2 of Fan, Chen, Lin, "Working set selection
 * using second order information for training support vector machines", JMLR 6 (2005). Ties go to
 * the lowest index, so the outcome is a function of the kernel values alone.
 *
 * <p>Written in b_i = y_i a_i, which moves between min(0, y_i C_i) and max(0, y_i C_i): a step
 * raises one b and lowers another by as much, whatever their labels. F_i = y_i - sum_j b_j K_ij is
 * the negative gradient in b.
 */
final class SmoSolver {
  /** Stands in for a curvature that is not positive, as in libsvm. */
  private static final double TAU = 1e-12;

  private static final int CHECK = 64;
  private static final long FEWEST_ITERATIONS = 10_000_000;

  private final KernelSource kernel;
  private final int size;
  private final byte[] labels; // +1 or -1 [size]
  private final double[] bounds; // C_i [size]
  private final double tolerance;

  private final double[] diagonal; // [size]
  private final double[] b; // [size]
  private final double[] f; // [size]
  private final double[] raise; // 0 where b may grow, else -infinity [size]
  private final double[] lower; // 0 where b may shrink, else +infinity [size]

  private double most; // largest F among those that may grow
  private double least; // smallest F among those that may shrink
  private int first; // where F is largest
  private long iterations;

  /**
   * @param labels +1 or -1
   * @param bounds C_i; 0 for a sample that takes no part, each label keeps one that does
   * @param tolerance of the largest violation of the optimality conditions
   */
  SmoSolver(KernelSource kernel, byte[] labels, double[] bounds, double tolerance) {
    this.kernel = kernel;
    this.labels = labels;
    this.bounds = bounds;
    this.tolerance = tolerance;
    size = kernel.size();
    diagonal = new double[size];
    b = new double[size];
    f = new double[size];
    raise = new double[size];
    lower = new double[size];
  }

  /**
   * @param check told now and then how many iterations were done since; it may throw
   */
  PairSolution solve(LongConsumer check) {
    start();
    long limit = Math.max(FEWEST_ITERATIONS, 100L * size);
    check.accept(0);
    while (most - least >= tolerance && iterations < limit) {
      int i = first;
      float[] rowI = kernel.row(i);
      int j = second(i, rowI);
      if (j < 0) {
        break; // a tolerance so small that its square vanishes
      }
      step(i, rowI, j, kernel.row(j));
      iterations++;
      if (iterations % CHECK == 0) {
        check.accept(CHECK);
      }
    }
    check.accept(iterations % CHECK);
    return new PairSolution(b, rho(), objective(), iterations, most - least < tolerance);
  }

  private void start() {
    for (int t = 0; t < size; t++) {
      diagonal[t] = kernel.diagonal()[t];
      f[t] = labels[t];
      bound(t);
    }
    float[] zeros = new float[size];
    update(0, zeros, zeros);
  }

  /** The partner whose step with i decreases the objective most: largest (m - F)^2 / curvature. */
  private int second(int i, float[] rowI) {
    double m = most;
    double own = diagonal[i];
    double bestGain = 0;
    double bestCurve = 1;
    int best = -1;
    for (int t = 0; t < size; t++) {
      double violation = m - (f[t] + lower[t]);
      double sum = own + diagonal[t] - 2.0 * rowI[t];
      double curve = sum > 0 ? sum : TAU;
      // Fractions compared without dividing; |v| keeps the sign, so that v <= 0 never wins.
      double gain = violation * Math.abs(violation);
      if (gain * bestCurve > bestGain * curve) {
        bestGain = gain;
        bestCurve = curve;
        best = t;
      }
    }
    return best;
  }

  /** The best step along b_i + s, b_j - s within the bounds. */
  private void step(int i, float[] rowI, int j, float[] rowJ) {
    double sum = diagonal[i] + diagonal[j] - 2.0 * rowI[j];
    double free = (f[i] - f[j]) / (sum > 0 ? sum : TAU);
    double roomI = highest(i) - b[i];
    double roomJ = b[j] - lowest(j);
    double s = Math.min(free, Math.min(roomI, roomJ));
    // Set, not added: rounding must not leave a bound alpha a hair from its bound.
    b[i] = s == roomI ? highest(i) : b[i] + s;
    b[j] = s == roomJ ? lowest(j) : b[j] - s;
    bound(i);
    bound(j);
    update(s, rowI, rowJ);
  }

  /** Moves F by the step and finds the next most violating pair, in one pass. */
  private void update(double s, float[] rowI, float[] rowJ) {
    double largest = Double.NEGATIVE_INFINITY;
    double smallest = Double.POSITIVE_INFINITY;
    int where = -1;
    for (int t = 0; t < size; t++) {
      // In double: rounding the difference makes F drift from b where C is large.
      double value = f[t] - s * ((double) rowI[t] - rowJ[t]);
      f[t] = value;
      if (value + raise[t] > largest) {
        largest = value;
        where = t;
      }
      if (value + lower[t] < smallest) {
        smallest = value;
      }
    }
    most = largest;
    least = smallest;
    first = where;
  }

  private void bound(int t) {
    raise[t] = b[t] < highest(t) ? 0 : Double.NEGATIVE_INFINITY;
    lower[t] = b[t] > lowest(t) ? 0 : Double.POSITIVE_INFINITY;
  }

  private double highest(int t) {
    return labels[t] > 0 ? bounds[t] : 0;
  }

  private double lowest(int t) {
    return labels[t] > 0 ? 0 : -bounds[t];
  }

  /** The mean over free vectors; without any, the middle of what the bound ones allow. */
  private double rho() {
    double sum = 0;
    int free = 0;
    for (int t = 0; t < size; t++) {
      if (raise[t] == 0 && lower[t] == 0) {
        sum -= f[t];
        free++;
      }
    }
    return free > 0 ? sum / free : -(most + least) / 2;
  }

  private double objective() {
    double sum = 0;
    for (int t = 0; t < size; t++) {
      sum -= b[t] * (f[t] + labels[t]);
    }
    return sum / 2;
  }
}
