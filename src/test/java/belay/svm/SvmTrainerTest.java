package belay.svm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.FloatMatrix;
import belay.backend.KernelFunction;
import belay.backend.KernelRows;
import belay.backend.Kernels;
import belay.backend.Precision;
import belay.backend.reference.ReferenceKernelRows;
import belay.error.ConfigurationException;
import belay.error.DataException;
import belay.error.DeviceException;
import belay.error.StoppedException;
import belay.svm.SvmSpec.Kernel;
import belay.svm.host.Samples;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SvmTrainerTest {
  private static final BooleanSupplier GO_ON = HostSvm.GO_ON;

  private final Samples three = Samples.blobs(1, 5, 60, 50, 40);

  @Test
  void refusesASingleClass() {
    Samples one = three.relabelled(4, 4, 4);
    String message = assertThrows(DataException.class, () -> train(one, GO_ON)).getMessage();
    assertEquals(
        "All 150 training samples have label 4; the SVM needs at least two classes.", message);
    assertThrows(DataException.class, () -> train(one.rows(0, 0), GO_ON));
  }

  @Test
  void labelsThatCannotBeTrainedOnShowBeforeAnyFeatureIsThere() {
    int[] labels = {0, 1, 2, 2, 1, 0};
    SvmTrainer.check(spec(new ClassWeights.Equal(), 6), labels);
    assertThrows(
        ConfigurationException.class,
        () -> SvmTrainer.check(spec(new ClassWeights.ByLabel(List.of(1.0, 2.0)), 0), labels));
    assertThrows(
        ConfigurationException.class,
        () -> SvmTrainer.check(spec(new ClassWeights.Equal(), 7), labels));
    assertThrows(
        DataException.class,
        () -> SvmTrainer.check(spec(new ClassWeights.Equal(), 0), new int[] {3, 3}));
  }

  private static SvmSpec spec(ClassWeights weights, int folds) {
    return new SvmSpec(
        Kernel.LINEAR,
        new Grid(List.of(1.0), List.of(OptionalDouble.empty()), folds, 1),
        weights,
        1e-3,
        Precision.FP32,
        true,
        new SvmSpec.Limits(0, 1));
  }

  @Test
  void predictionHearsTheStopSignalWhileRowsArrive() {
    SvmModel model = train(three, GO_ON);
    AtomicBoolean stopped = new AtomicBoolean();
    ByteBuffer row = ByteBuffer.allocateDirect(5 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try (SvmClassifier classifier =
        SvmClassifier.open(
            model,
            1000,
            Precision.FP32,
            new SvmSpec.Limits(0, 1),
            (support, spec) -> Optional.empty(),
            HostSvm.REFERENCE,
            stopped::get,
            false)) {
      classifier.put(row, 1);
      stopped.set(true);
      assertThrows(StoppedException.class, () -> classifier.put(row, 1));
    }
  }

  @Test
  void learnsToTellSeparateClassesApart() {
    FloatMatrix points = new FloatMatrix(6, 1, new float[] {0, 0.1f, 5, 5.1f, 9, 9.1f});
    Samples apart = new Samples(points, new int[] {2, 2, 30, 30, -1, -1});
    SvmModel model = train(apart, GO_ON);
    assertArrayEquals(new int[] {-1, 2, 30}, model.classes());
    assertArrayEquals(apart.labels(), HostSvm.predict(model, points));
  }

  @Test
  void namesBelongToTheClassesThatOccur() {
    Samples gaps = three.relabelled(1, 2, 4);
    SvmModel model =
        HostSvm.train(
                spec(Kernel.RBF, 1),
                gaps,
                List.of("a", "b", "c", "d", "e"),
                HostSvm.REFERENCE,
                GO_ON)
            .model();
    assertEquals(List.of("b", "c", "e"), model.names());
  }

  @Test
  void supportVectorsAreScaledRowsOfTheTrainingSet() {
    SvmModel model = train(three, GO_ON);
    FloatMatrix rows = three.scaled(model.scaling(), model.supportRows());
    assertArrayEquals(rows.values(), model.support().matrix().values());
    int[] classes = IntStream.of(model.supportRows()).map(row -> three.labels()[row]).toArray();
    assertArrayEquals(IntStream.of(classes).sorted().toArray(), classes);
    for (int c = 0; c < 3; c++) {
      int label = c;
      assertEquals(
          model.functions().counts()[c], IntStream.of(classes).filter(k -> k == label).count());
    }
  }

  @Test
  void gammaScaleIsOneOverFeaturesTimesVariance() {
    KernelFunction.Rbf scaled = (KernelFunction.Rbf) train(three, GO_ON).kernel();
    assertEquals(1 / 5.0, scaled.gamma(), 1e-6); // scaled features have variance 1
    FloatMatrix same = new FloatMatrix(2, 3);
    SvmModel model = train(new Samples(same, new int[] {0, 1}), GO_ON);
    assertEquals(new KernelFunction.Rbf(1), model.kernel());
  }

  @Test
  void anAnswerDoesNotDependOnTheOtherSamples() {
    SvmModel model = train(three, GO_ON);
    Samples test = Samples.blobs(2, 5, 900, 900, 900);
    double[] together = HostSvm.decisions(model, test.features());
    for (int i = 0; i < 2_700; i += 271) {
      FloatMatrix one = test.rows(i, i + 1).features();
      double[] alone = HostSvm.decisions(model, one);
      assertArrayEquals(Arrays.copyOfRange(together, 3 * i, 3 * i + 3), alone);
    }
  }

  @Test
  void stopsAtAnyMomentAndClosesTheKernel() {
    AtomicInteger asked = new AtomicInteger();
    train(three, () -> asked.incrementAndGet() < 0);
    assertTrue(asked.get() > 10);
    for (int moment = 1; moment < asked.get(); moment += 3) {
      AtomicInteger left = new AtomicInteger(moment);
      AtomicInteger open = new AtomicInteger();
      Kernels counting = (x, z, kernel) -> counted(new ReferenceKernelRows(x, z, kernel), open);
      assertThrows(
          StoppedException.class,
          () ->
              HostSvm.train(
                  spec(Kernel.RBF, 2),
                  three,
                  List.of(),
                  counting,
                  () -> left.decrementAndGet() <= 0));
      assertEquals(0, open.get());
    }
  }

  @Test
  void predictionHearsTheStopSignal() {
    SvmModel model = train(three, GO_ON);
    assertThrows(
        StoppedException.class,
        () -> HostSvm.predict(model, three.features(), HostSvm.REFERENCE, () -> true));
  }

  /** A kernel that has nothing to close. */
  private interface Rows extends KernelRows {
    @Override
    default void close() {}
  }

  @Test
  void predictionOpensTheKernelOnce() {
    AtomicInteger opened = new AtomicInteger();
    Kernels counting =
        (x, z, kernel) -> {
          opened.incrementAndGet();
          return new ReferenceKernelRows(x, z, kernel);
        };
    SvmModel model = HostSvm.train(spec(Kernel.RBF, 1), three, List.of(), counting, GO_ON).model();
    opened.set(0);
    HostSvm.predict(model, Samples.blobs(2, 5, 9_000, 9_000, 9_000).features(), counting, GO_ON);
    assertEquals(1, opened.get());
  }

  @Test
  void aBackendsErrorPassesAsItIs() {
    Error error = new OutOfMemoryError("heap");
    AtomicInteger left = new AtomicInteger(5); // tiles of the squares, then the workers'
    Kernels failing =
        (x, z, kernel) ->
            (Rows)
                (first, count, right, rightCount, out) -> {
                  if (left.decrementAndGet() < 0) {
                    throw error;
                  }
                };
    assertSame(
        error,
        assertThrows(
            Throwable.class,
            () -> HostSvm.train(spec(Kernel.RBF, 2), three, List.of(), failing, GO_ON)));
  }

  private static KernelRows counted(KernelRows rows, AtomicInteger open) {
    open.incrementAndGet();
    return new KernelRows() {
      @Override
      public void block(int left, int leftCount, int right, int rightCount, float[] out) {
        rows.block(left, leftCount, right, rightCount, out);
      }

      @Override
      public void close() {
        open.decrementAndGet();
        rows.close();
      }
    };
  }

  @Test
  void refusesAFeatureThatIsNotFiniteByItsRow() {
    Samples broken = new Samples(three.copy(), three.labels());
    broken.features().values()[5 * 77 + 3] = Float.NaN;
    String message = assertThrows(DataException.class, () -> train(broken, GO_ON)).getMessage();
    assertEquals(
        "Row 77, feature 3: NaN is not a finite number; extract the features again, and if they stay so,"
            + " train again at a lower train.learning-rate.",
        message);
  }

  @Test
  void refusesALongRowUnlessItIsScaled() {
    Samples wide = new Samples(three.copy(), three.labels());
    wide.features().values()[5 * 42] = 1e25f;
    train(wide, GO_ON);
    SvmSpec scaled = spec(Kernel.RBF, 1);
    SvmSpec raw =
        new SvmSpec(
            scaled.kernel(),
            scaled.grid(),
            scaled.weights(),
            scaled.tolerance(),
            scaled.precision(),
            false,
            scaled.limits());
    String message = assertThrows(DataException.class, () -> HostSvm.train(raw, wide)).getMessage();
    assertTrue(message.startsWith("Row 42: its features are too large"), message);
  }

  @Test
  void aTestRowThatIsNotFiniteIsNamed() {
    SvmModel model = train(three, GO_ON);
    FloatMatrix rows = three.copy();
    rows.values()[5 * 100 + 1] = Float.POSITIVE_INFINITY;
    String message =
        assertThrows(DataException.class, () -> HostSvm.predict(model, rows)).getMessage();
    assertTrue(message.startsWith("Row 100, feature 1: Infinity"), message);
  }

  @Test
  void theCpuHasNoTf32() {
    SvmSpec fp32 = spec(Kernel.RBF, 1);
    SvmSpec tf32 =
        new SvmSpec(
            fp32.kernel(),
            fp32.grid(),
            fp32.weights(),
            fp32.tolerance(),
            Precision.TF32,
            true,
            fp32.limits());
    String message =
        assertThrows(DeviceException.class, () -> HostSvm.train(tf32, three)).getMessage();
    assertTrue(message.contains("svm.precision=fp32"), message);
  }

  @Test
  void accuracyOnTheTrainingSetIsThatOfItsPredictions() {
    TrainedSvm trained = HostSvm.train(spec(Kernel.RBF, 1), three);
    int[] predictions = HostSvm.predict(trained.model(), three.features());
    long right = IntStream.range(0, 150).filter(i -> predictions[i] == three.labels()[i]).count();
    assertEquals(150, trained.judged());
    assertEquals(right / 150.0, trained.accuracy());
  }

  private static SvmModel train(Samples samples, BooleanSupplier stop) {
    return HostSvm.train(spec(Kernel.RBF, 1), samples, List.of(), HostSvm.REFERENCE, stop).model();
  }

  private static SvmSpec spec(Kernel kernel, int threads) {
    return HostSvm.spec(kernel, 10, 60_000, threads); // no room for the whole matrix
  }
}
