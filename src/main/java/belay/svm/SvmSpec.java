package belay.svm;

import java.util.OptionalDouble;

/**
 * How to train a classifier.
 *
 * @param c upper bound of every alpha, above 0
 * @param gamma of the RBF kernel, above 0; empty: 1 / (features x variance of all scaled values)
 * @param tolerance the solver stops when no pair violates optimality by more than this
 * @param memoryBytes what kernel values may occupy; the result does not depend on it
 * @param scale whether features are brought to mean 0 and deviation 1
 * @param threads problems solved at a time at most; the result does not depend on it
 */
public record SvmSpec(
    Kernel kernel,
    double c,
    OptionalDouble gamma,
    double tolerance,
    long memoryBytes,
    boolean scale,
    int threads) {
  /** Which similarity of two samples. */
  public enum Kernel {
    LINEAR,
    RBF
  }

  public SvmSpec {
    require(c > 0 && Double.isFinite(c), "C = " + c + " is not above 0");
    require(
        gamma.isEmpty() || gamma.getAsDouble() > 0 && Double.isFinite(gamma.getAsDouble()),
        "gamma = " + gamma + " is not above 0");
    require(tolerance > 0, "tolerance = " + tolerance + " is not above 0");
    require(memoryBytes > 0, "memory = " + memoryBytes + " is not above 0");
    require(threads > 0, "threads = " + threads + " is not above 0");
  }

  private static void require(boolean fulfilled, String problem) {
    if (!fulfilled) {
      throw new IllegalArgumentException(problem);
    }
  }
}
