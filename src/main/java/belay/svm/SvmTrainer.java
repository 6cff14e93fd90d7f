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
   * @param features unscaled [n, d]
   * @param labels any integers, of at least two values [n]
   * @param names of the classes by label, or an empty list
   * @throws DataException if a feature is not finite, or all samples have one label
   * @throws belay.error.StoppedException if told to stop
   */
  public SvmModel train(FloatMatrix features, int[] labels, List<String> names) {
    ClassOrder order = sort(features, labels);
    Scaling scaling = spec.scale() ? Scaling.fit(features) : Scaling.none(features.columns());
    FloatMatrix samples = scaling.apply(features, order.rows());
    KernelFunction kernel = kernel(samples);
    Solution[] solutions = solve(order, samples, kernel);
    SupportSet support = SupportSet.of(order, solutions);
    LOG.log(Level.INFO, () -> summary(solutions, support));
    return support.model(order, scaling, spec.c(), kernel, samples, names);
  }

  private Solution[] solve(ClassOrder order, FloatMatrix samples, KernelFunction kernel) {
    Heartbeat heartbeat = new Heartbeat(stop);
    heartbeat.beat();
    try (KernelRows rows = kernels.kernelRows(samples, samples, kernel)) {
      SampleKernel values =
          new SampleKernel(rows, SampleKernel.tileSide(samples.columns()), heartbeat);
      return new PairSolver(spec, order, values, heartbeat).solve();
    }
  }

  private static String summary(Solution[] solutions, SupportSet support) {
    return "stage=svm problems=%d iterations=%d support-vectors=%d"
        .formatted(
            solutions.length,
            Arrays.stream(solutions).mapToLong(Solution::iterations).sum(),
            support.positions().length);
  }

  private static ClassOrder sort(FloatMatrix features, int[] labels) {
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

  private KernelFunction kernel(FloatMatrix samples) {
    return switch (spec.kernel()) {
      case LINEAR -> new KernelFunction.Linear();
      case RBF -> new KernelFunction.Rbf(spec.gamma().orElseGet(() -> scaleGamma(samples)));
    };
  }

  /** 1 / (features x variance of all values); 1 if they are all equal, as scikit-learn has it. */
  private static double scaleGamma(FloatMatrix samples) {
    double sum = 0;
    for (float value : samples.values()) {
      sum += value;
    }
    double mean = sum / samples.values().length;
    double squares = 0;
    for (float value : samples.values()) {
      squares += (value - mean) * (value - mean);
    }
    return squares > 0 ? samples.rows() / squares : 1;
  }
}
