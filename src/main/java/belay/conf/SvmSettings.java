package belay.conf;

import java.util.OptionalDouble;

/**
 * How features are classified.
 *
 * @param c penalty of a sample on the wrong side of its margin
 * @param gamma of the rbf kernel; empty for "scale", 1 / (features * variance of all values)
 * @param tolerance of the optimality conditions at which the solver stops
 * @param memoryMib for rows of the kernel matrix, MiB
 * @param scale features to mean 0 and deviation 1 of the training set first
 */
public record SvmSettings(
    Kernel kernel, double c, OptionalDouble gamma, double tolerance, int memoryMib, boolean scale) {

  /** Similarity of two samples. */
  public enum Kernel {
    RBF,
    LINEAR
  }

  static SvmSettings of(Values values) {
    return new SvmSettings(
        values.get(Keys.SVM_KERNEL),
        values.get(Keys.SVM_C),
        values.get(Keys.SVM_GAMMA),
        values.get(Keys.SVM_TOLERANCE),
        values.get(Keys.SVM_MEMORY_MIB),
        values.get(Keys.SVM_SCALE));
  }
}
