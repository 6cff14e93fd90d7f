package belay.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.reference.ReferenceBackend;
import belay.data.ImageSet;
import belay.data.RowOrder;
import belay.net.Initializer;
import belay.net.Mark;
import belay.net.Network;
import belay.net.Slot;
import belay.net.TrainState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every backend must do, on random inputs, compared with the reference backend and with finite
 * differences. A backend's test implements it and names its tolerance.
 *
 * <p>Errors are relative: |actual - expected|_2 / |expected|_2 over whole arrays.
 */
public interface BackendContract {
  /** A new backend; closed by the test. */
  Backend backend();

  default Precision precision() {
    return Precision.FP32;
  }

  /** fp32 sums of up to some thousand terms, in another order than the reference's. */
  default double tolerance() {
    return 2e-5;
  }

  /** Networks in which each operation meets odd sizes, borders and every neighbour it may fuse. */
  static List<String> networks() {
    return List.of(
        "input 5x7x3; conv 4 kernel=1; latent; conv 3 kernel=1",
        "input 8x8x3; conv 16; latent; conv 3",
        "input 9x5x2; conv 5 kernel=5; relu; latent; conv 2",
        "input 6x6x1; conv 8; maxpool 2; latent; conv 8; upsample 2; conv 1",
        "input 12x12x3; conv 6; relu; maxpool 3; latent; conv 4; relu; upsample 3; conv 3",
        "input 8x8x3; conv 20; relu; maxpool 2; relu; latent; upsample 2; conv 3",
        "input 8x8x3; maxpool 2; conv 4; latent; upsample 2; conv 3 kernel=5",
        "input 8x12x3; conv 17; relu; maxpool 2; conv 9; relu; maxpool 2; latent;"
            + " conv 9; relu; upsample 2; conv 17; relu; upsample 2; conv 3",
        "input 4x4x3; relu; conv 3; upsample 2; maxpool 2; latent; conv 3",
        "input 16x16x3; conv 32; relu; maxpool 2; conv 16; relu; maxpool 2; latent;"
            + " conv 16; relu; upsample 2; conv 32; relu; upsample 2; conv 3",
        "input 4x6x3; latent; conv 3; relu; conv 3");
  }

  static Network network(String layers) {
    return Network.parse("test", layers.replace(";", "\n"));
  }

  @ParameterizedTest
  @MethodSource("networks")
  default void everyMarkedValueEqualsTheReference(String layers) {
    Network network = network(layers);
    RandomInputs random = new RandomInputs(1);
    ImageSet images = random.images(network, 11);
    float[] weights = random.gaussian(network.parameterCount(), 0.3);
    for (Mark mark : network.program().marks().keySet()) {
      assertClose(
          encode(new ReferenceBackend(), network, mark, images, weights),
          encode(backend(), network, mark, images, weights));
    }
  }

  private static float[] encode(
      Backend device, Network network, Mark mark, ImageSet images, float[] weights) {
    int size = network.program().shape(network.program().value(mark)).size();
    float[] features = new float[images.count() * size];
    try (device;
        EncodePlan plan = device.compileEncoding(network, mark, 4, images, weights)) {
      for (int first = 0; first < images.count(); first += 4) {
        int count = Math.min(4, images.count() - first);
        float[] part = new float[4 * size];
        plan.encode(first, count, part);
        System.arraycopy(part, 0, features, first * size, count * size);
      }
    }
    return features;
  }

  @ParameterizedTest
  @MethodSource("networks")
  default void gradientEqualsTheReference(String layers) {
    Network network = network(layers);
    RandomInputs random = new RandomInputs(2);
    ImageSet images = random.images(network, 13);
    float[] weights = random.gaussian(network.parameterCount(), 0.3);
    int[] rows = random.rows(11, 13);
    assertClose(
        gradient(new ReferenceBackend(), Precision.FP32, network, images, weights, rows),
        gradient(backend(), precision(), network, images, weights, rows));
  }

  /** One step of gradient descent at rate 1: before - after is the gradient. */
  private static float[] gradient(
      Backend device,
      Precision precision,
      Network network,
      ImageSet images,
      float[] weights,
      int[] rows) {
    TrainSpec spec =
        new TrainSpec(16, 8, 1, new UpdateRule.Sgd(0, 0), TrainSpec.Clipping.NONE, precision);
    TrainState start = TrainState.initial(network, weights, spec.rule().slots());
    try (device;
        TrainPlan plan = device.compileTraining(network, spec, images, images, start)) {
      plan.step(rows, new StepScalars(1));
      // The first moment holds the gradient itself, without the rounding of the subtraction.
      return plan.snapshot().slot(Slot.FIRST_MOMENT);
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  default void lossAndLiveFeaturesEqualTheReference(String layers) {
    Network network = network(layers);
    RandomInputs random = new RandomInputs(3);
    ImageSet images = random.images(network, 7);
    float[] weights = random.gaussian(network.parameterCount(), 0.3);
    Evaluation expected =
        evaluate(new ReferenceBackend(), Precision.FP32, network, images, weights);
    Evaluation actual = evaluate(backend(), precision(), network, images, weights);
    assertEquals(expected.errorSum(), actual.errorSum(), tolerance() * expected.errorSum());
    assertEquals(7, actual.images());
    int live = expected.live().cardinality();
    assertEquals(live, actual.live().cardinality(), tolerance() * live);
  }

  private static Evaluation evaluate(
      Backend device, Precision precision, Network network, ImageSet images, float[] weights) {
    TrainSpec spec =
        new TrainSpec(8, 8, 1, new UpdateRule.Sgd(0, 0), TrainSpec.Clipping.NONE, precision);
    TrainState start = TrainState.initial(network, weights, spec.rule().slots());
    try (device;
        TrainPlan plan = device.compileTraining(network, spec, images, images, start)) {
      return plan.evaluate(RowOrder.identity(images.count()));
    }
  }

  static List<TrainSpec> specs() {
    TrainSpec.Clipping none = TrainSpec.Clipping.NONE;
    return List.of(
        new TrainSpec(8, 8, 1, new UpdateRule.Sgd(0.9f, 1e-3f), none, Precision.FP32),
        new TrainSpec(
            8, 8, 1, new UpdateRule.Sgd(0, 0), new TrainSpec.Clipping(1e-3f, 0), Precision.FP32),
        new TrainSpec(
            8, 8, 1, new UpdateRule.Sgd(0.5f, 0), new TrainSpec.Clipping(0, 1e-2f), Precision.FP32),
        new TrainSpec(
            8, 8, 1, new UpdateRule.Adam(0.9f, 0.999f, 1e-4f, 1e-2f, false), none, Precision.FP32),
        new TrainSpec(
            8, 8, 1, new UpdateRule.Adam(0.9f, 0.99f, 1e-4f, 1e-2f, true), none, Precision.FP32),
        spec(new UpdateRule.Sgd(0.9f, true, ofKernels(1e-3f, 1e-4f)), none),
        spec(
            new UpdateRule.Sgd(0.9f, false, ofKernels(1e-3f, 0)), new TrainSpec.Clipping(0, 1e-2f)),
        spec(new UpdateRule.Adam(0.9f, 0.99f, 1e-4f, ofKernels(1e-2f, 1e-4f), true), none),
        spec(new UpdateRule.Adagrad(1e-2f, UpdateRule.Decay.of(1e-3f)), none),
        spec(
            new UpdateRule.RmsProp(0.99f, 1e-2f, 0.9f, UpdateRule.Decay.NONE),
            new TrainSpec.Clipping(1e-3f, 1e-2f)),
        spec(new UpdateRule.Lars(1, 0.9f, ofKernels(1e-3f, 1e-4f)), new TrainSpec.Clipping(0, 1)),
        spec(new UpdateRule.Muon(0.9f, 0.9f, 0.99f, 1e-4f, ofKernels(1e-2f, 0)), none),
        averaged(new UpdateRule.Lars(0.1f, 0, UpdateRule.Decay.NONE)),
        averaged(new UpdateRule.Sgd(0.9f, 1e-3f)));
  }

  private static TrainSpec spec(UpdateRule rule, TrainSpec.Clipping clipping) {
    return new TrainSpec(8, 8, 1, rule, clipping, Precision.FP32);
  }

  private static TrainSpec averaged(UpdateRule rule) {
    TrainSpec.Average average = new TrainSpec.Average(0.6f);
    return new TrainSpec(8, 8, 1, rule, TrainSpec.Clipping.NONE, average, Precision.FP32);
  }

  private static UpdateRule.Decay ofKernels(float l2, float l1) {
    return new UpdateRule.Decay(l2, l1, UpdateRule.Reach.KERNELS);
  }

  @ParameterizedTest
  @MethodSource("specs")
  default void trainingStepsEqualTheReference(TrainSpec spec) {
    TrainState expected = fewSteps(new ReferenceBackend(), spec);
    TrainState actual = fewSteps(backend(), withPrecision(spec));
    assertEquals(expected.step(), actual.step());
    assertEquals(expected.lossImages(), actual.lossImages());
    assertEquals(expected.lossSum(), actual.lossSum(), tolerance() * expected.lossSum());
    assertClose(expected.weights(), actual.weights());
    assertEquals(expected.slots().keySet(), actual.slots().keySet());
    expected.slots().forEach((slot, values) -> assertClose(values, actual.slot(slot)));
  }

  /**
   * Three steps, the last of them on a partial minibatch. With unlucky images some unit comes so
   * near to the kink of its ReLU that rounding decides, which costs 5e-4; these are not.
   */
  private static TrainState fewSteps(Backend device, TrainSpec spec) {
    Network network = network(networks().get(9));
    ImageSet images = new RandomInputs(14).images(network, 21);
    try (device;
        TrainPlan plan =
            device.compileTraining(network, spec, images, images, start(network, spec))) {
      train(plan, 0, 21);
      return plan.snapshot();
    }
  }

  private static TrainState start(Network network, TrainSpec spec) {
    return TrainState.initial(network, Initializer.HE.initialize(network, 7), spec.slots());
  }

  private static void train(TrainPlan plan, int from, int to) {
    for (int first = from; first < to; first += 8) {
      int[] rows = new int[Math.min(8, to - first)];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = first + i;
      }
      plan.step(rows, new StepScalars(1e-3f * (1 + first)));
    }
  }

  private TrainSpec withPrecision(TrainSpec spec) {
    return new TrainSpec(
        spec.batch(),
        spec.shards(),
        spec.seed(),
        spec.rule(),
        spec.clipping(),
        spec.average(),
        precision());
  }

  /** As a network that has the average as its weights; the steps go on from the weights. */
  @Test
  default void evaluationUsesTheAverageAndLeavesTheWeightsAlone() {
    Network network = network(networks().get(9));
    TrainSpec spec = withPrecision(averaged(new UpdateRule.Sgd(0.9f, 0)));
    ImageSet images = new RandomInputs(14).images(network, 21);
    int[] rows = {0, 1, 2, 3, 4};
    try (Backend device = backend();
        TrainPlan plan =
            device.compileTraining(network, spec, images, images, start(network, spec))) {
      train(plan, 0, 16);
      TrainState trained = plan.snapshot();
      double error = plan.evaluate(rows).errorSum();
      assertArrayEquals(trained.weights(), plan.snapshot().weights());
      assertArrayEquals(trained.slot(Slot.AVERAGE), plan.snapshot().slot(Slot.AVERAGE));
      assertEquals(error, plan.evaluate(rows).errorSum());
      assertEquals(errorSum(device, images, trained.inferenceWeights(), rows), error);
      assertTrue(errorSum(device, images, trained.weights(), rows) != error);
      train(plan, 16, 21);
      assertArrayEquals(fewSteps(backend(), spec).weights(), plan.snapshot().weights());
    }
  }

  private double errorSum(Backend device, ImageSet images, float[] weights, int[] rows) {
    Network network = network(networks().get(9));
    TrainSpec spec = withPrecision(specs().get(0));
    TrainState start = TrainState.initial(network, weights, spec.slots());
    try (TrainPlan plan = device.compileTraining(network, spec, images, images, start)) {
      return plan.evaluate(rows).errorSum();
    }
  }

  @ParameterizedTest
  @MethodSource("specs")
  default void aResumedRunEqualsAnUninterruptedRunBitForBit(TrainSpec spec) {
    Network network = network(networks().get(9));
    TrainSpec precise = withPrecision(spec);
    ImageSet images = new RandomInputs(14).images(network, 21);
    TrainState middle;
    TrainState resumed;
    try (Backend device = backend();
        TrainPlan plan =
            device.compileTraining(network, precise, images, images, start(network, spec))) {
      train(plan, 0, 8);
      middle = plan.snapshot();
    }
    try (Backend device = backend();
        TrainPlan plan = device.compileTraining(network, precise, images, images, middle)) {
      train(plan, 8, 21);
      resumed = plan.snapshot();
    }
    TrainState whole = fewSteps(backend(), precise);
    assertArrayEquals(whole.weights(), resumed.weights());
    assertEquals(whole.slots().keySet(), resumed.slots().keySet());
    whole.slots().forEach((slot, values) -> assertArrayEquals(values, resumed.slot(slot)));
    assertEquals(whole.step(), resumed.step());
    assertEquals(whole.lossSum(), resumed.lossSum());
  }

  @Test
  default void aSnapshotStaysAsItWasWhenTrainingGoesOn() {
    Network network = network(networks().get(1));
    TrainSpec spec = withPrecision(specs().get(0));
    ImageSet images = new RandomInputs(5).images(network, 16);
    try (Backend device = backend();
        TrainPlan plan =
            device.compileTraining(network, spec, images, images, start(network, spec))) {
      train(plan, 0, 8);
      TrainState early = plan.snapshot();
      float[] copy = early.weights().clone();
      train(plan, 8, 16);
      assertArrayEquals(copy, early.weights());
    }
  }

  @Test
  default void meanLossBeginsAnewAfterReset() {
    Network network = network(networks().get(1));
    TrainSpec spec = withPrecision(specs().get(0));
    ImageSet images = new RandomInputs(6).images(network, 16);
    try (Backend device = backend();
        TrainPlan plan =
            device.compileTraining(network, spec, images, images, start(network, spec))) {
      assertEquals(0, plan.meanLoss());
      train(plan, 0, 16);
      assertTrue(plan.meanLoss() > 0);
      plan.resetLoss();
      assertEquals(0, plan.meanLoss());
    }
  }

  @Test
  default void aDivergedRunShowsNaN() {
    Network network = network(networks().get(7));
    TrainSpec spec = withPrecision(specs().get(0));
    ImageSet images = new RandomInputs(7).images(network, 8);
    float[] weights = new float[network.parameterCount()];
    weights[0] = Float.NaN;
    try (Backend device = backend();
        TrainPlan plan =
            device.compileTraining(
                network,
                spec,
                images,
                images,
                TrainState.initial(network, weights, spec.rule().slots()))) {
      train(plan, 0, 8);
      assertTrue(Double.isNaN(plan.meanLoss()), () -> "mean loss " + plan.meanLoss());
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  default void kernelBlocksEqualTheReference(KernelFunction kernel) {
    RandomInputs random = new RandomInputs(8);
    FloatMatrix left = random.matrix(37, 50);
    FloatMatrix right = random.matrix(23, 50);
    try (Backend reference = new ReferenceBackend();
        Backend device = backend();
        KernelRows expected = reference.kernelRows(left, right, kernel);
        KernelRows actual = device.kernelRows(left, right, kernel)) {
      assertClose(block(expected, 0, 37, 0, 23), block(actual, 0, 37, 0, 23));
      assertClose(block(expected, 30, 5, 7, 16), block(actual, 30, 5, 7, 16));
      assertClose(block(expected, 36, 1, 0, 1), block(actual, 36, 1, 0, 1));
    }
  }

  @Test
  default void aSampleIsExactlyLikeItself() {
    FloatMatrix samples = new RandomInputs(9).matrix(19, 64);
    try (Backend device = backend();
        KernelRows rows = device.kernelRows(samples, samples, new KernelFunction.Rbf(0.7))) {
      float[] matrix = block(rows, 0, 19, 0, 19);
      for (int i = 0; i < 19; i++) {
        assertEquals(1f, matrix[i * 19 + i]);
      }
    }
  }

  static List<KernelFunction> kernels() {
    return List.of(new KernelFunction.Linear(), new KernelFunction.Rbf(0.02));
  }

  private static float[] block(KernelRows rows, int left, int height, int right, int width) {
    float[] block = new float[height * width];
    rows.block(left, height, right, width, block);
    return block;
  }

  private void assertClose(float[] expected, float[] actual) {
    assertEquals(expected.length, actual.length);
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow((double) actual[i] - expected[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    double error = Math.sqrt(difference / Math.max(norm, Double.MIN_NORMAL));
    assertTrue(error <= tolerance(), () -> "relative error " + error + " > " + tolerance());
  }
}
