package belay.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import belay.backend.reference.ReferenceBackend;
import belay.data.ImageSet;
import belay.data.RowOrder;
import belay.data.augment.Augmentation;
import belay.data.augment.Augmentation.Border;
import belay.data.augment.Augmentation.Mirror;
import belay.data.augment.Augmentations;
import belay.net.Initializer;
import belay.net.Mark;
import belay.net.Network;
import belay.net.Slot;
import belay.net.TrainState;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every backend must do, on random inputs, compared with the reference backend and with finite
 * differences. A backend's test implements it and names its tolerance.
 *
 * <p>What {@link Likeness} allows is a matter of tolerance.
 */
public interface BackendContract extends ShardContract, KernelBlockContract {

  /** Networks in which each operation meets every option, border and neighbour. */
  static List<String> networks() {
    return ContractNetworks.all();
  }

  /** The examples, and some that nobody has thought of. */
  static List<String> manyNetworks() {
    return Stream.concat(networks().stream(), RandomNetworks.some(16).stream()).toList();
  }

  static Network network(String layers) {
    return Network.parse("test", layers.replace(";", "\n"));
  }

  private Likeness likeness(Network network) {
    return new Likeness(network, tolerance());
  }

  @ParameterizedTest
  @MethodSource("manyNetworks")
  default void everyMarkedValueEqualsTheReference(String layers) {
    Trial trial = Trial.of(layers);
    for (Mark mark : trial.network().program().marks().keySet()) {
      likeness(trial.network())
          .assertAlike(
              mark.toString(),
              encode(new ReferenceBackend(), trial, mark),
              encode(backend(), trial, mark));
    }
  }

  private static float[] encode(Backend device, Trial trial, Mark mark) {
    Network network = trial.network();
    ImageSet images = trial.images();
    int size = network.program().shape(network.program().value(mark)).size();
    float[] features = new float[images.count() * size];
    try (device;
        EncodePlan plan = device.compileEncoding(network, mark, 4, images, trial.weights())) {
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
  @MethodSource("manyNetworks")
  default void aStepsGradientLossAndStatisticsEqualTheReference(String layers) {
    assumeTrue(
        precision() == Precision.FP32 || networks().contains(layers),
        "No trial of a random network keeps so clear of kinks that rounding to few bits decides none");
    Trial trial = Trial.of(layers);
    assertAlike(trial, trial.expected(), trial.step(backend(), precision()));
  }

  /** Which pixel takes it shows in the kernel's gradient, whose other factor is the image. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "input 8x8x3; conv 16; maxpool 2; latent; upsample 2; conv 3",
        "input 8x8x3; conv 16; relu; maxpool 2; latent; upsample 2; conv 3",
        "input 6x6x2; conv 5; maxpool 3; silu; latent; upsample 3; conv 2",
        "input 8x8x3; conv 8; maxpool 3 stride=2 padding=1; latent; upsample 2; conv 3"
      })
  default void theFirstOfEqualMaximaTakesTheGradient(String layers) {
    Trial trial = Trial.of(layers).blind();
    assertAlike(trial, trial.expected(), trial.step(backend(), precision()));
  }

  private void assertAlike(Trial trial, TrainState expected, TrainState actual) {
    likeness(trial.network()).assertAlikeAfterAStep(expected, actual);
  }

  @ParameterizedTest
  @MethodSource("networks")
  default void lossAndLiveFeaturesEqualTheReference(String layers) {
    Trial trial = Trial.of(layers);
    Evaluation expected = evaluate(new ReferenceBackend(), Precision.FP32, trial);
    Evaluation actual = evaluate(backend(), precision(), trial);
    assertEquals(
        expected.tally().lossSum(),
        actual.tally().lossSum(),
        tolerance() * expected.tally().lossSum());
    assertEquals(trial.images().count(), actual.tally().images());
    int live = expected.live().cardinality();
    assertEquals(live, actual.live().cardinality(), tolerance() * live);
  }

  private static Evaluation evaluate(Backend device, Precision precision, Trial trial) {
    try (device;
        TrainPlan plan =
            device.compileTraining(
                trial.network(),
                Trial.spec(precision),
                trial.images(),
                trial.images(),
                trial.start())) {
      return plan.evaluate(RowOrder.identity(trial.images().count()));
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
        grouped(new UpdateRule.Sgd(0.9f, false, ofKernels(1e-3f, 1e-4f)), none),
        grouped(
            new UpdateRule.Sgd(0.9f, true, UpdateRule.Decay.NONE), new TrainSpec.Clipping(0, 1)),
        grouped(new UpdateRule.Adam(0.9f, 0.99f, 1e-4f, ofKernels(1e-2f, 1e-4f), true), none),
        grouped(new UpdateRule.Muon(0.9f, 0.9f, 0.99f, 1e-4f, ofKernels(1e-2f, 0)), none),
        grouped(filters(UpdateRule.Decay.NONE), none),
        spec(filters(UpdateRule.Decay.of(1e-3f)), new TrainSpec.Clipping(0, 1e-2f)),
        augmented(
            new UpdateRule.Sgd(0.9f, 1e-3f), new Augmentation(Mirror.RANDOM, 2, Border.REFLECT, 3)),
        averaged(new UpdateRule.Lars(0.1f, 0, UpdateRule.Decay.NONE)),
        averaged(new UpdateRule.Sgd(0.9f, 1e-3f)));
  }

  private static TrainSpec spec(UpdateRule rule, TrainSpec.Clipping clipping) {
    return new TrainSpec(8, 8, 1, rule, clipping, Precision.FP32);
  }

  /** Muon of airbench94: of filters alone, brought to one length, others by Nesterov's momentum. */
  private static UpdateRule filters(UpdateRule.Decay decay) {
    UpdateRule others = new UpdateRule.Sgd(0.85f, true, UpdateRule.Decay.NONE);
    return new UpdateRule.Muon(0.6f, new UpdateRule.Muon.Form(false, 3, true), others, decay);
  }

  /** The first line's kernel never moves, the second's not in epoch 1, biases only there. */
  private static TrainSpec grouped(UpdateRule rule, TrainSpec.Clipping clipping) {
    ParameterGroups groups =
        new ParameterGroups(
            List.of(valued("conv1/b", 3), valued("*/w", 0.5f), valued("b*1/s*", 2)),
            List.of(valued("*/b", 0.03f), valued("conv3/*", 0)),
            List.of(
                frozen("conv1/w", 1, Integer.MAX_VALUE),
                frozen("conv2/w", 1, 1),
                frozen("*/b", 2, Integer.MAX_VALUE)));
    return new TrainSpec(
        8,
        8,
        0,
        Augmentation.NONE,
        1,
        rule,
        clipping,
        TrainSpec.Average.NONE,
        Precision.FP32,
        groups);
  }

  private static ParameterGroups.Valued valued(String pattern, float value) {
    return new ParameterGroups.Valued(new ParameterGroups.Pattern(pattern), value);
  }

  private static ParameterGroups.Frozen frozen(String pattern, int first, int last) {
    return new ParameterGroups.Frozen(new ParameterGroups.Pattern(pattern), first, last);
  }

  private static TrainSpec augmented(UpdateRule rule, Augmentation how) {
    return new TrainSpec(
        8, 8, 0.1f, how, 1, rule, TrainSpec.Clipping.NONE, TrainSpec.Average.NONE, Precision.FP32);
  }

  private static TrainSpec averaged(UpdateRule rule) {
    TrainSpec.Average average = new TrainSpec.Average(0.6f);
    return new TrainSpec(
        8, 8, 0, Augmentation.NONE, 1, rule, TrainSpec.Clipping.NONE, average, Precision.FP32);
  }

  private static UpdateRule.Decay ofKernels(float l2, float l1) {
    return new UpdateRule.Decay(l2, l1, UpdateRule.Reach.KERNELS);
  }

  /** Without kinks, so that rounding stays what it is over several steps. */
  String SMOOTH =
      "input 8x8x3; conv 8 stride=2 bias=no; batchnorm; gelu name=a; conv 8 bias=no; batchnorm;"
          + " dropout 0.2; add a; silu; latent; upsample 2; conv 3";

  /** Every rule on a chain with kinks, and on a network with statistics, branches and dropout. */
  static List<Arguments> runs() {
    return Stream.of(networks().get(9), SMOOTH)
        .flatMap(layers -> specs().stream().map(spec -> Arguments.of(layers, spec)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("runs")
  default void trainingStepsEqualTheReference(String layers, TrainSpec spec) {
    TrainState expected = fewSteps(new ReferenceBackend(), network(layers), spec);
    TrainState actual = fewSteps(backend(), network(layers), withPrecision(spec));
    assertEquals(expected.step(), actual.step());
    assertEquals(expected.tally().images(), actual.tally().images());
    assertEquals(expected.tally().right(), actual.tally().right());
    assertEquals(
        expected.tally().lossSum(),
        actual.tally().lossSum(),
        tolerance() * expected.tally().lossSum());
    assertClose(expected.weights(), actual.weights());
    likeness(network(layers)).assertAlikeByStatistic(expected.weights(), actual.weights());
    assertEquals(expected.slots().keySet(), actual.slots().keySet());
    expected.slots().forEach((slot, values) -> assertClose(values, actual.slot(slot)));
  }

  private void assertClose(float[] expected, float[] actual) {
    double error = Likeness.distance(expected, actual);
    assertTrue(error <= tolerance(), () -> "relative error " + error + " > " + tolerance());
  }

  /**
   * Three steps, the last of them on a partial minibatch. With unlucky images some unit comes so
   * near to the kink of its ReLU that rounding decides, which costs 5e-4; these are not.
   */
  private static TrainState fewSteps(Backend device, Network network, TrainSpec spec) {
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
      plan.step(rows, new StepScalars(1e-3f * (1 + first), 1 + first / 16));
    }
  }

  private TrainSpec withPrecision(TrainSpec spec) {
    return new TrainSpec(
        spec.batch(),
        spec.shards(),
        spec.smoothing(),
        spec.augmentation(),
        spec.seed(),
        spec.rule(),
        spec.clipping(),
        spec.average(),
        precision(),
        spec.groups());
  }

  /**
   * Every view with another colour, size and share of another image, and targets of two classes.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "input 8x8x3; conv 8 stride=2; silu; latent; linear 7; logits",
        "input 9x7x3; conv 6; gelu; globalaveragepool; latent; linear 300; logits"
      })
  default void mixturesTrainAsByTheReference(String layers) {
    trainingStepsEqualTheReference(
        layers, augmented(new UpdateRule.Sgd(0.9f, 1e-3f), Augmentations.colours()));
  }

  /** What is read and what is to be reconstructed differ, in chains that end in other ways. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "input 8x8x3; conv 8; silu; latent; conv 3",
        "input 8x8x3; conv 16 stride=2; silu; latent; conv 32; silu; upsample 2; conv 3"
      })
  default void networksLearnToSeeThroughNoiseAsByTheReference(String layers) {
    trainingStepsEqualTheReference(
        layers, augmented(new UpdateRule.Sgd(0.9f, 1e-3f), Augmentations.noisy(0.2, 0.3, 2)));
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
      double error = plan.evaluate(rows).tally().lossSum();
      assertArrayEquals(trained.weights(), plan.snapshot().weights());
      assertArrayEquals(trained.slot(Slot.AVERAGE), plan.snapshot().slot(Slot.AVERAGE));
      assertEquals(error, plan.evaluate(rows).tally().lossSum());
      assertEquals(errorSum(device, images, trained.inferenceWeights(), rows), error);
      assertTrue(errorSum(device, images, trained.weights(), rows) != error);
      train(plan, 16, 21);
      assertArrayEquals(fewSteps(backend(), network, spec).weights(), plan.snapshot().weights());
    }
  }

  /** Weights, moments, counters and statistics, whatever the plan has done since. */
  @Test
  default void aPlanGoesOnFromAStateThatItIsGiven() {
    Network network = network(SMOOTH);
    TrainSpec spec = withPrecision(averaged(new UpdateRule.Adam(0.9f, 0.999f, 1e-8f, 0, false)));
    ImageSet images = new RandomInputs(14).images(network, 21);
    try (Backend device = backend();
        TrainPlan plan =
            device.compileTraining(network, spec, images, images, start(network, spec))) {
      train(plan, 0, 8);
      TrainState middle = plan.snapshot();
      train(plan, 8, 16);
      TrainState end = plan.snapshot();
      double error = plan.evaluate(new int[] {0, 1, 2}).tally().lossSum();
      train(plan, 16, 21);
      plan.load(middle);
      assertArrayEquals(middle.weights(), plan.snapshot().weights());
      assertEquals(middle.tally(), plan.tally());
      train(plan, 8, 16);
      assertArrayEquals(end.weights(), plan.snapshot().weights());
      assertEquals(end.tally(), plan.tally());
      spec.slots().forEach(s -> assertArrayEquals(end.slot(s), plan.snapshot().slot(s)));
      assertEquals(error, plan.evaluate(new int[] {0, 1, 2}).tally().lossSum());
    }
  }

  private double errorSum(Backend device, ImageSet images, float[] weights, int[] rows) {
    Network network = network(networks().get(9));
    TrainSpec spec = withPrecision(specs().get(0));
    TrainState start = TrainState.initial(network, weights, spec.slots());
    try (TrainPlan plan = device.compileTraining(network, spec, images, images, start)) {
      return plan.evaluate(rows).tally().lossSum();
    }
  }

  @ParameterizedTest
  @MethodSource("runs")
  default void aResumedRunEqualsAnUninterruptedRunBitForBit(String layers, TrainSpec spec) {
    Network network = network(layers);
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
    ShardContract.assertSameBits(fewSteps(backend(), network, precise), resumed);
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
  default void theTallyBeginsAnewAfterReset() {
    Network network = network(networks().get(1));
    TrainSpec spec = withPrecision(specs().get(0));
    ImageSet images = new RandomInputs(6).images(network, 16);
    try (Backend device = backend();
        TrainPlan plan =
            device.compileTraining(network, spec, images, images, start(network, spec))) {
      assertEquals(0, plan.tally().loss());
      train(plan, 0, 16);
      assertTrue(plan.tally().loss() > 0);
      plan.resetTally();
      assertEquals(0, plan.tally().loss());
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  default void aDivergedRunShowsNaN(String layers) {
    Network network = network(layers);
    TrainSpec spec = withPrecision(specs().get(0));
    ImageSet images = new RandomInputs(7).images(network, 8);
    float[] weights = network.untrainedWeights();
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
      assertTrue(Double.isNaN(plan.tally().loss()), () -> "mean loss " + plan.tally().loss());
    }
  }
}
