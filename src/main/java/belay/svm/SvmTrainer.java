package belay.svm;

import belay.backend.FloatMatrix;
import belay.backend.KernelFunction;
import belay.backend.KernelRows;
import belay.backend.Kernels;
import belay.error.DataException;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Trains a classifier of any number of classes: one binary problem a pair of classes. */
public final class SvmTrainer {
  private static final System.Logger LOG = System.getLogger("belay.svm");

  private final SvmSpec spec;
  private final Kernels kernels;
  private final BooleanSupplier stop;

  /**
   * @param kernels of the backend to compute on, {@code backend::kernelRows}
   * @param stop asked several times a second, by several threads; true ends the training
   */
  public SvmTrainer(SvmSpec spec, Kernels kernels, BooleanSupplier stop) {
    this.spec = spec;
    this.kernels = kernels;
    this.stop = stop;
  }

  /**
   * Trains on a matrix that the caller hands over: it is scaled and sorted where it is, because a
   * copy of 50,000 x 8,192 features would take 1.6 GB, and it may become part of the model.
   *
   * @param features unscaled [n, d]; its values are overwritten
   * @param labels any integers, of at least two values [n]
   * @param names of the classes by label, or an empty list
   * @throws DataException if a feature is not finite, or all samples have one label
   * @throws belay.error.DeviceException if the Java heap is too small, with what it would need
   * @throws belay.error.StoppedException if told to stop
   */
  public SvmModel train(FloatMatrix features, int[] labels, List<String> names) {
    Cancellation cancellation = new Cancellation(stop);
    ClassOrder order = order(features, labels);
    MemoryPlan plan = new KernelBudget(order, features.columns(), spec).plan();
    Scaling scaling =
        spec.scale() ? Scaling.fit(features, cancellation) : Scaling.none(features.columns());
    scaling.applyInPlace(features, cancellation);
    order.sort(features, cancellation);
    KernelFunction kernel = kernel(features, cancellation);
    Solution[] solutions = solve(order, plan, features, kernel, cancellation);
    SupportSet support = SupportSet.of(order, solutions);
    LOG.log(Level.INFO, () -> summary(solutions, support));
    return support.model(order, scaling, spec.c(), kernel, features, names);
  }

  private Solution[] solve(
      ClassOrder order,
      MemoryPlan plan,
      FloatMatrix samples,
      KernelFunction kernel,
      Cancellation cancellation) {
    cancellation.check();
    try (KernelRows rows = kernels.kernelRows(samples, samples, kernel)) {
      SampleKernel values =
          new SampleKernel(rows, SampleKernel.tileSide(samples.columns()), cancellation);
      return new PairSolver(spec, plan, order, values, cancellation).solve();
    }
  }

  private static String summary(Solution[] solutions, SupportSet support) {
    return "stage=svm problems=%d iterations=%d support-vectors=%d"
        .formatted(
            solutions.length,
            Arrays.stream(solutions).mapToLong(Solution::iterations).sum(),
            support.positions().length);
  }

  private static ClassOrder order(FloatMatrix features, int[] labels) {
    if (features.rows() != labels.length) {
      throw new DataException(
          "%d rows of features and %d labels do not match; extract the features again."
              .formatted(features.rows(), labels.length));
    }
    ClassOrder order = ClassOrder.of(labels);
    if (order.count() < 2) {
      throw new DataException(
          labels.length == 0
              ? "There are no training samples; the SVM needs at least two classes."
              : "All %d training samples have label %d; the SVM needs at least two classes."
                  .formatted(labels.length, labels[0]));
    }
    return order;
  }

  private KernelFunction kernel(FloatMatrix samples, Cancellation cancellation) {
    return switch (spec.kernel()) {
      case LINEAR -> new KernelFunction.Linear();
      case RBF ->
          new KernelFunction.Rbf(spec.gamma().orElseGet(() -> scaleGamma(samples, cancellation)));
    };
  }

  /** 1 / (features x variance of all values); 1 if they are all equal, as scikit-learn has it. */
  private static double scaleGamma(FloatMatrix samples, Cancellation cancellation) {
    double sum = 0;
    for (int i = 0; i < samples.rows(); i++) {
      cancellation.check();
      for (int k = 0; k < samples.columns(); k++) {
        sum += samples.at(i, k);
      }
    }
    double mean = sum / samples.values().length;
    double squares = 0;
    for (int i = 0; i < samples.rows(); i++) {
      cancellation.check();
      for (int k = 0; k < samples.columns(); k++) {
        double distance = samples.at(i, k) - mean;
        squares += distance * distance;
      }
    }
    return squares > 0 ? samples.rows() / squares : 1;
  }
}
