package belay.svm;

import belay.backend.Precision;

/**
 * How to train a classifier.
 *
 * @param grid C and gamma, or what to choose them from
 * @param weights of the classes
 * @param tolerance the solver stops when no pair violates optimality by more than this
 * @param precision of the kernel's products; a CPU has fp32 only
 * @param scale whether features are brought to mean 0 and deviation 1
 * @param limits the result does not depend on
 */
public record SvmSpec(
    Kernel kernel,
    Grid grid,
    ClassWeights weights,
    double tolerance,
    Precision precision,
    boolean scale,
    Limits limits) {
  /** Which similarity of two samples. */
  public enum Kernel {
    LINEAR,
    RBF
  }

  /**
   * What training may use.
   *
   * @param memoryBytes what kernel values may occupy; on a device with memory of its own, all that
   *     the SVM may occupy there; 0 for what is free
   * @param threads problems solved at a time at most, on a CPU
   */
  public record Limits(long memoryBytes, int threads) {
    public Limits {
      require(memoryBytes >= 0, "memory = " + memoryBytes + " is below 0");
      require(threads > 0, "threads = " + threads + " is not above 0");
    }
  }

  public SvmSpec {
    require(tolerance > 0, "tolerance = " + tolerance + " is not above 0");
  }

  private static void require(boolean fulfilled, String problem) {
    if (!fulfilled) {
      throw new IllegalArgumentException(problem);
    }
  }
}
