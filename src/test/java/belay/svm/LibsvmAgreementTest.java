package belay.svm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.FloatMatrix;
import belay.backend.KernelFunction;
import belay.svm.SvmSpec.Kernel;
import belay.svm.host.ClassOrder;
import belay.svm.host.Samples;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same objectives and predictions as libsvm, and the same bits whatever the memory. */
class LibsvmAgreementTest {
  /** Both solvers stop at a violation of 1e-3, which leaves either objective this far above. */
  private static final double OBJECTIVE_TOLERANCE = 1e-3;

  private static final double TOLERANCE = 1e-3;

  @ParameterizedTest
  @EnumSource
  void agreesOnOverlappingClouds(Kernel kernel) {
    Samples all = Samples.blobs(1, 10, 800, 800, 800, 800);
    check(all.rows(0, 1_200), all.rows(1_200, 3_200), kernel, 10);
  }

  @ParameterizedTest
  @EnumSource
  void agreesOnTwoClasses(Kernel kernel) {
    Samples all = Samples.blobs(2, 4, 1_000, 1_000);
    check(all.rows(0, 500), all.rows(500, 2_000), kernel, 1);
  }

  @ParameterizedTest
  @EnumSource
  void agreesOnPixelsOfRealImages(Kernel kernel) throws IOException {
    check(Samples.cifar("data_batch_1.bin", 400), Samples.cifar("test_batch.bin", 300), kernel, 10);
  }

  @ParameterizedTest
  @EnumSource
  void agreesOnConstantFeatures(Kernel kernel) {
    Samples all = Samples.blobs(3, 6, 400, 400, 400);
    for (int i = 0; i < all.labels().length; i++) {
      all.features().values()[i * 6 + 1] = 0.1f;
      all.features().values()[i * 6 + 4] = 0;
    }
    check(all.rows(0, 300), all.rows(300, 1_200), kernel, 10);
  }

  @ParameterizedTest
  @EnumSource
  void agreesOnDuplicatesWithContradictingLabels(Kernel kernel) {
    Samples all = Samples.blobs(4, 5, 500, 500, 500);
    for (int i = 0; i < 100; i++) {
      System.arraycopy(all.features().values(), 5 * i, all.features().values(), 5 * (i + 100), 5);
      all.labels()[i + 100] = i < 50 ? all.labels()[i] : (all.labels()[i] + 1) % 3;
    }
    check(all.rows(0, 400), all.rows(400, 1_500), kernel, 10);
  }

  @ParameterizedTest
  @EnumSource
  void agreesOnOneSampleOfEachClass(Kernel kernel) {
    Samples train = Samples.blobs(5, 8, 1, 1, 1, 1, 1);
    check(train, Samples.blobs(6, 8, 200, 200, 200, 200, 200), kernel, 10);
  }

  @ParameterizedTest
  @EnumSource
  void agreesOnClassesOfVeryDifferentSizes(Kernel kernel) {
    Samples train = Samples.blobs(7, 6, 10, 100, 1_500);
    Samples test = Samples.blobs(7, 6, 500, 500, 2_000).rows(0, 3_000);
    check(train, test, kernel, 10);
  }

  @ParameterizedTest
  @EnumSource
  void agreesOnBalancedClasses(Kernel kernel) {
    Samples all = Samples.blobs(9, 6, 40, 400, 1_600);
    check(all.rows(0, 1_020), all.rows(1_020, 2_040), kernel, 1, new ClassWeights.Balanced());
  }

  @ParameterizedTest
  @EnumSource
  void agreesOnWeightsByLabel(Kernel kernel) {
    Samples all = Samples.blobs(10, 5, 500, 500, 500).relabelled(0, 3, 4);
    ClassWeights weights = new ClassWeights.ByLabel(List.of(5.0, 1.0, 1.0, 0.3, 2.0));
    check(all.rows(0, 500), all.rows(500, 1_500), kernel, 2, weights);
  }

  @Test
  void weightsChangeTheModel() {
    Samples train = Samples.blobs(9, 6, 40, 400, 1_600).rows(0, 500);
    SvmModel equal = train(train, Kernel.RBF, 1, new ClassWeights.Equal(), 1 << 30, 1);
    SvmModel balanced = train(train, Kernel.RBF, 1, new ClassWeights.Balanced(), 1 << 30, 1);
    assertFalse(Arrays.equals(equal.functions().rho(), balanced.functions().rho()));
  }

  @ParameterizedTest
  @EnumSource
  void agreesOnLabelsWithGaps(Kernel kernel) {
    Samples all = Samples.blobs(8, 6, 400, 400, 400).relabelled(7, -3, 100);
    check(all.rows(0, 300), all.rows(300, 1_200), kernel, 10);
  }

  private static void check(Samples train, Samples test, Kernel kernel, double c) {
    check(train, test, kernel, c, new ClassWeights.Equal());
  }

  private static void check(
      Samples train, Samples test, Kernel kernel, double c, ClassWeights weights) {
    SvmModel model = train(train, kernel, c, weights, 1L << 30, 1);
    Libsvm oracle = new Libsvm(train, model, TOLERANCE);
    assertSameObjectives(oracle.objectives(), objectives(model));
    int[] expected = oracle.predict(test.features());
    int[] actual = HostSvm.predict(model, test.features());
    int different =
        (int) IntStream.range(0, actual.length).filter(i -> actual[i] != expected[i]).count();
    assertTrue(
        different <= Math.max(1, actual.length / 1_000),
        different + " of " + actual.length + " predictions differ");
    assertSameBits(model, train(train, kernel, c, weights, fewRows(train), 1));
    assertSameBits(model, train(train, kernel, c, weights, 1L << 30, 3));
  }

  private static SvmModel train(
      Samples samples, Kernel kernel, double c, ClassWeights weights, long bytes, int threads) {
    Grid grid = Grid.single(c, OptionalDouble.empty());
    return HostSvm.train(HostSvm.spec(kernel, grid, weights, bytes, threads), samples).model();
  }

  /** Bytes of a few kernel rows; of more where a row is expensive. */
  private static long fewRows(Samples train) {
    boolean isLarge = train.features().columns() > 1_000 || train.labels().length > 2_000;
    int rows = isLarge ? 200 : 5;
    return (long) rows * train.labels().length * Float.BYTES;
  }

  private static void assertSameObjectives(List<Double> expected, double[] actual) {
    assertEquals(expected.size(), actual.length);
    for (int p = 0; p < actual.length; p++) {
      double allowed = OBJECTIVE_TOLERANCE * Math.abs(expected.get(p));
      assertEquals(expected.get(p), actual[p], allowed, "problem " + p);
    }
  }

  /** Dual objectives from the model alone, kernels in double. */
  private static double[] objectives(SvmModel model) {
    FloatMatrix support = model.support().matrix();
    return Arrays.stream(ClassOrder.pairs(model.classes().length))
        .mapToDouble(pair -> objective(model, support, pair[0], pair[1]))
        .toArray();
  }

  private static double objective(SvmModel model, FloatMatrix support, int a, int b) {
    int s = model.support().rows();
    double[] own = new double[s];
    int[] classes = supportClasses(model);
    for (int i = 0; i < s; i++) {
      own[i] =
          classes[i] == a
              ? model.functions().coefficients()[(b - 1) * s + i]
              : classes[i] == b ? model.functions().coefficients()[a * s + i] : 0;
    }
    double sum = 0;
    for (int i = 0; i < s; i++) {
      for (int j = 0; j < s; j++) {
        if (own[i] != 0 && own[j] != 0) {
          sum += 0.5 * own[i] * own[j] * kernel(model, support, i, j);
        }
      }
      sum -= Math.abs(own[i]);
    }
    return sum;
  }

  private static int[] supportClasses(SvmModel model) {
    return IntStream.range(0, model.classes().length)
        .flatMap(c -> IntStream.generate(() -> c).limit(model.functions().counts()[c]))
        .toArray();
  }

  private static double kernel(SvmModel model, FloatMatrix x, int i, int j) {
    double dot = 0;
    double distance = 0;
    for (int k = 0; k < x.columns(); k++) {
      double difference = (double) x.at(i, k) - x.at(j, k);
      dot += (double) x.at(i, k) * x.at(j, k);
      distance += difference * difference;
    }
    return model.kernel() instanceof KernelFunction.Rbf rbf
        ? Math.exp(-rbf.gamma() * distance)
        : dot;
  }

  private static void assertSameBits(SvmModel expected, SvmModel actual) {
    assertArrayEquals(expected.supportRows(), actual.supportRows());
    assertArrayEquals(expected.functions().coefficients(), actual.functions().coefficients());
    assertArrayEquals(expected.functions().rho(), actual.functions().rho());
    assertArrayEquals(expected.support().matrix().values(), actual.support().matrix().values());
  }
}
