package belay.conf.settings;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How features are classified.
 *
 * @param c penalties of a sample on the wrong side of its margin; the best of several is chosen
 * @param gamma of the rbf kernel, one or several; empty for "scale", 1 / (features * variance of
 *     all values)
 * @param folds of cross-validation; empty: where there is something to choose
 * @param classWeights what multiplies c for each label, nothing for 1; empty for "balanced",
 *     inversely to the class's share of the samples
 * @param precision of the kernel's products, on a GPU
 * @param tolerance of the optimality conditions at which the solver stops
 * @param memoryMib for kernel values, MiB; empty for what is free
 * @param scale features to mean 0 and deviation 1 of the training set first
 */
public record SvmSettings(
    Kernel kernel,
    List<Double> c,
    List<OptionalDouble> gamma,
    OptionalInt folds,
    Optional<List<Double>> classWeights,
    Precision precision,
    double tolerance,
    OptionalInt memoryMib,
    boolean scale) {

  /** Similarity of two samples. */
  public enum Kernel {
    RBF,
    LINEAR
  }

  /** Number format of the factors in kernel products. */
  public enum Precision {
    FP32,
    TF32
  }

  static SvmSettings of(Values values) {
    return new SvmSettings(
        values.get(Keys.SVM_KERNEL),
        values.get(Keys.SVM_C),
        values.get(Keys.SVM_GAMMA),
        values.get(Keys.SVM_FOLDS),
        values.get(Keys.SVM_CLASS_WEIGHTS),
        values.get(Keys.SVM_PRECISION),
        values.get(Keys.SVM_TOLERANCE),
        values.get(Keys.SVM_MEMORY_MIB),
        values.get(Keys.SVM_SCALE));
  }
}
