package belay.backend.onednn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import belay.backend.BackendContract;
import belay.backend.EncodePlan;
import belay.backend.Evaluation;
import belay.backend.FloatMatrix;
import belay.backend.KernelFunction;
import belay.backend.KernelRows;
import belay.backend.Precision;
import belay.backend.RandomInputs;
import belay.backend.StepScalars;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.backend.UpdateRule;
import belay.backend.onednn.dnnl.Crew;
import belay.backend.onednn.dnnl.Dnnl;
import belay.backend.onednn.dnnl.Natives;
import belay.backend.onednn.dnnl.Processor;
import belay.data.ImageSet;
import belay.data.RowOrder;
import belay.error.StoppedException;
import belay.net.Initializer;
import belay.net.Mark;
import belay.net.Network;
import belay.net.Slot;
import belay.net.TrainState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Threads decide how fast a result comes, never what it is. */
class DeterminismTest {
  private static final UpdateRule ADAM = new UpdateRule.Adam(0.9f, 0.999f, 1e-8f, 0, false);
  private static final int BATCH = 37; // 7 shards of 5 images and one of 2

  /** Additions, strides, batch normalization and dropout. */
  private static final Network RESIDUAL =
      BackendContract.network(
          "input 16x16x3; conv 16 bias=no; batchnorm; relu name=a; conv 16 bias=no; batchnorm;"
              + " add a; relu name=b; conv 32 stride=2 bias=no; batchnorm name=c;"
              + " conv 32 kernel=1 stride=2 bias=no from=b; batchnorm; add c; gelu; dropout 0.2;"
              + " latent; upsample 2; conv 3");

  private final Network network = BackendContract.network(BackendContract.networks().get(9));
  private final ImageSet images = new RandomInputs(1).images(network, 50);

  @BeforeAll
  static void needsThePlatform() {
    assumeTrue(OnednnBackend.unavailable().isEmpty(), () -> OnednnBackend.unavailable().get());
  }

  static List<Precision> precisions() {
    return Processor.current().hasBf16()
        ? List.of(Precision.FP32, Precision.BF16)
        : List.of(Precision.FP32);
  }

  @ParameterizedTest
  @MethodSource("precisions")
  void trainingHasTheSameBitsOnOneTwoAndThreeThreads(Precision precision) {
    TrainState one = trained(1, precision);
    for (int threads = 2; threads <= 3; threads++) {
      TrainState more = trained(threads, precision);
      assertArrayEquals(one.weights(), more.weights());
      assertArrayEquals(one.slot(Slot.FIRST_MOMENT), more.slot(Slot.FIRST_MOMENT));
      assertArrayEquals(one.slot(Slot.SECOND_MOMENT), more.slot(Slot.SECOND_MOMENT));
      assertEquals(one.tally().lossSum(), more.tally().lossSum());
    }
  }

  @Test
  void twentyStepsOfAResidualNetworkHaveTheSameBitsInAnyOrderOfShards() {
    TrainState one = twentySteps(1, () -> false);
    for (int threads = 2; threads <= 3; threads++) {
      int seed = threads;
      TrainState more = twentySteps(threads, () -> pause(seed));
      assertArrayEquals(one.weights(), more.weights());
      assertArrayEquals(one.slot(Slot.SECOND_MOMENT), more.slot(Slot.SECOND_MOMENT));
      assertEquals(one.tally().lossSum(), more.tally().lossSum());
    }
  }

  /** A normalization wants a whole shard at once, which may take long. */
  @Test
  void aStepThatIsStoppedWithinALargeShardLeavesNoTrace() {
    AtomicInteger asked = new AtomicInteger(Integer.MIN_VALUE);
    ImageSet some = new RandomInputs(1).images(RESIDUAL, 50);
    int[] rows = RowOrder.identity(BATCH);
    TrainSpec whole = new TrainSpec(BATCH, 1, 1, ADAM, TrainSpec.Clipping.NONE, Precision.FP32);
    float[][] weights = new float[2][];
    for (int stops = 0; stops < 2; stops++) {
      try (OnednnBackend backend = new OnednnBackend(1, () -> asked.incrementAndGet() == 0);
          TrainPlan plan = backend.compileTraining(RESIDUAL, whole, some, some, start(RESIDUAL))) {
        if (stops == 1) {
          asked.set(-30); // one shard is some 60 calls
          assertThrows(StoppedException.class, () -> plan.step(rows, new StepScalars(1e-3f)));
        }
        plan.step(rows, new StepScalars(1e-3f));
        weights[stops] = plan.snapshot().weights();
      }
    }
    assertArrayEquals(weights[0], weights[1]);
  }

  /** Lets shards begin, and end, in an order that nobody knows. */
  private static boolean pause(int milliseconds) {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextInt(milliseconds + 1));
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private TrainState twentySteps(int threads, BooleanSupplier stop) {
    ImageSet some = new RandomInputs(1).images(RESIDUAL, 50);
    try (OnednnBackend backend = new OnednnBackend(threads, stop);
        TrainPlan plan = plan(backend, RESIDUAL, some, Precision.FP32)) {
      for (int step = 0; step < 20; step++) {
        int count = step % 3 == 2 ? 20 : BATCH;
        plan.step(new RandomInputs(step).rows(count, 50), new StepScalars(1e-3f));
      }
      return plan.snapshot();
    }
  }

  /** Three steps with different numbers of images. */
  private TrainState trained(int threads, Precision precision) {
    try (OnednnBackend backend = new OnednnBackend(threads);
        TrainPlan plan = plan(backend, precision)) {
      for (int count : new int[] {37, 20, 1}) {
        plan.step(new RandomInputs(count).rows(count, 50), new StepScalars(1e-3f));
      }
      return plan.snapshot();
    }
  }

  private TrainPlan plan(OnednnBackend backend, Precision precision) {
    return plan(backend, network, images, precision);
  }

  private static TrainPlan plan(
      OnednnBackend backend, Network network, ImageSet images, Precision precision) {
    TrainSpec spec =
        new TrainSpec(
            BATCH, TrainSpec.usualShards(BATCH), 1, ADAM, TrainSpec.Clipping.NONE, precision);
    return backend.compileTraining(network, spec, images, images, start(network));
  }

  private static TrainState start(Network network) {
    return TrainState.initial(network, Initializer.HE.initialize(network, 3), ADAM.slots());
  }

  @Test
  void evaluationHasTheSameBitsOnOneAndThreeThreads() {
    Evaluation one = evaluated(1);
    Evaluation three = evaluated(3);
    assertEquals(one.tally().lossSum(), three.tally().lossSum());
    assertEquals(one.live(), three.live());
  }

  private Evaluation evaluated(int threads) {
    try (OnednnBackend backend = new OnednnBackend(threads);
        TrainPlan plan = plan(backend, Precision.FP32)) {
      return plan.evaluate(RowOrder.identity(BATCH));
    }
  }

  @Test
  void featuresHaveTheSameBitsOnOneAndThreeThreads() {
    assertArrayEquals(encoded(1), encoded(3));
  }

  private float[] encoded(int threads) {
    float[] features = new float[BATCH * network.latent().size()];
    float[] weights = Initializer.HE.initialize(network, 3);
    try (OnednnBackend backend = new OnednnBackend(threads);
        EncodePlan plan = backend.compileEncoding(network, Mark.LATENT, BATCH, images, weights)) {
      plan.encode(5, BATCH, features);
    }
    return features;
  }

  @Test
  void kernelRowsHaveTheSameBitsOnOneAndThreeThreads() {
    assertArrayEquals(kernelBlock(1), kernelBlock(3));
  }

  /** Several tiles in both directions. */
  private static float[] kernelBlock(int threads) {
    FloatMatrix samples = new RandomInputs(2).matrix(600, 40);
    float[] block = new float[590 * 599];
    try (OnednnBackend backend = new OnednnBackend(threads);
        KernelRows rows = backend.kernelRows(samples, samples, new KernelFunction.Rbf(0.01))) {
      rows.block(3, 590, 1, 599, block);
    }
    return block;
  }

  /** OpenMP names its threads after the one that starts them; ours all have different names. */
  @Test
  void primitivesRunOnTheThreadsOfTheCrewAlone() throws IOException {
    try (OnednnBackend backend = new OnednnBackend(3);
        TrainPlan plan = plan(backend, Precision.FP32)) {
      plan.step(RowOrder.identity(BATCH), new StepScalars(1e-3f));
      List<String> names = threadNames();
      assertEquals(names.stream().distinct().toList(), names);
    }
    try (Crew crew = new Crew(2)) {
      assertEquals(1, crew.call(Dnnl::omp_get_max_threads));
    }
  }

  private static List<String> threadNames() throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      return tasks.map(DeterminismTest::name).filter(n -> n.startsWith("onednn")).toList();
    }
  }

  private static String name(Path task) {
    try {
      return Files.exists(task) ? Files.readString(task.resolve("comm")).strip() : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Clusters set OMP_PROC_BIND; the thread that loads OpenMP is then pinned to one core. */
  @Test
  void threadsMayRunOnEveryCoreWhereTheEnvironmentBindsOpenMp() throws Exception {
    assumeTrue(Runtime.getRuntime().availableProcessors() > 1);
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    ProcessBuilder child =
        new ProcessBuilder(
            java.toString(), "-cp", System.getProperty("java.class.path"), Cores.class.getName());
    child.environment().put("OMP_PROC_BIND", "true");
    child.environment().put("OMP_PLACES", "cores");
    Process process = child.redirectErrorStream(true).start();
    String cores = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    assertEquals(cores(), cores);
  }

  /** Prints the cores that a thread of the crew may use. */
  static final class Cores {
    public static void main(String[] args) {
      Natives.load();
      try (Crew crew = new Crew(1)) {
        System.out.println(crew.call(DeterminismTest::cores));
      }
    }
  }

  private static String cores() throws IOException {
    return Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
        .filter(line -> line.startsWith("Cpus_allowed_list"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aFailingShardFailsTheStepAndTheNextOneRuns() {
    try (OnednnBackend backend = new OnednnBackend(2);
        TrainPlan plan = plan(backend, Precision.FP32)) {
      int[] rows = RowOrder.identity(BATCH);
      int[] wrong = rows.clone();
      Arrays.fill(wrong, 10, 11, images.count());
      assertThrows(IndexOutOfBoundsException.class, () -> plan.step(wrong, new StepScalars(1e-3f)));
      plan.step(rows, new StepScalars(1e-3f));
      assertTrue(plan.tally().loss() > 0);
    }
  }
}
