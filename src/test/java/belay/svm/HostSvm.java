package belay.svm;

import belay.backend.FloatMatrix;
import belay.backend.Kernels;
import belay.backend.Precision;
import belay.backend.reference.ReferenceKernelRows;
import belay.svm.host.Samples;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;

/** Training and prediction on the CPU, for tests. */
final class HostSvm {
  static final Kernels REFERENCE = ReferenceKernelRows::new;
  static final BooleanSupplier GO_ON = () -> false;

  private HostSvm() {}

  static SvmSpec spec(SvmSpec.Kernel kernel, double c, long bytes, int threads) {
    return spec(
        kernel, Grid.single(c, OptionalDouble.empty()), new ClassWeights.Equal(), bytes, threads);
  }

  static SvmSpec spec(
      SvmSpec.Kernel kernel, Grid grid, ClassWeights weights, long bytes, int threads) {
    return new SvmSpec(kernel, grid, weights, 1e-3, Precision.FP32, true, limits(bytes, threads));
  }

  static SvmSpec.Limits limits(long bytes, int threads) {
    return new SvmSpec.Limits(bytes, threads);
  }

  static TrainedSvm train(SvmSpec spec, Samples samples) {
    return train(spec, samples, List.of(), REFERENCE, GO_ON);
  }

  static TrainedSvm train(
      SvmSpec spec, Samples samples, List<String> names, Kernels kernels, BooleanSupplier stop) {
    return train(spec, samples, names, kernels, stop, SolvedProblems.unkept());
  }

  static TrainedSvm train(
      SvmSpec spec,
      Samples samples,
      List<String> names,
      Kernels kernels,
      BooleanSupplier stop,
      SolvedProblems solved) {
    FloatMatrix rows = samples.features();
    try (SvmTrainer trainer =
        SvmTrainer.open(
            spec,
            samples.labels(),
            rows.columns(),
            layout -> Optional.empty(),
            kernels,
            stop,
            PartTimer.NONE)) {
      int half = rows.rows() / 2;
      trainer.put(direct(rows, 0, half), 0, half);
      trainer.put(direct(rows, half, rows.rows() - half), half, rows.rows() - half);
      return trainer.train(names, solved);
    }
  }

  static int[] predict(SvmModel model, FloatMatrix features) {
    return predict(model, features, REFERENCE, GO_ON);
  }

  static int[] predict(SvmModel model, FloatMatrix rows, Kernels kernels, BooleanSupplier stop) {
    try (SvmClassifier classifier = classifier(model, rows, kernels, stop)) {
      return classifier.labels();
    }
  }

  static double[] decisions(SvmModel model, FloatMatrix rows) {
    try (SvmClassifier classifier = classifier(model, rows, REFERENCE, GO_ON)) {
      return classifier.decisions();
    }
  }

  private static SvmClassifier classifier(
      SvmModel model, FloatMatrix rows, Kernels kernels, BooleanSupplier stop) {
    SvmClassifier classifier =
        SvmClassifier.open(
            model,
            rows.rows(),
            Precision.FP32,
            limits(0, 2),
            (support, spec) -> Optional.empty(),
            kernels,
            stop,
            true);
    classifier.put(direct(rows, 0, rows.rows()), rows.rows());
    return classifier;
  }

  static ByteBuffer direct(FloatMatrix matrix, int first, int count) {
    int width = matrix.columns();
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(count * width * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(matrix.values(), first * width, count * width);
    return bytes;
  }
}
