package belay.backend.cuda.stage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.BackendContract;
import belay.backend.EncodePlan;
import belay.backend.Evaluation;
import belay.backend.Likeness;
import belay.backend.Precision;
import belay.backend.RandomInputs;
import belay.backend.StepScalars;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.backend.UpdateRule;
import belay.backend.cuda.frame.Layout;
import belay.backend.reference.ReferenceBackend;
import belay.data.ImageSet;
import belay.data.augment.Augmentation;
import belay.data.augment.Augmentation.Border;
import belay.data.augment.Augmentation.Mirror;
import belay.data.augment.Augmentations;
import belay.net.Mark;
import belay.net.Network;
import belay.net.Slot;
import belay.net.Tally;
import belay.net.TrainState;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The stages compute what the reference does: their launches run on the host, by the fp32 kernels
 * without tensor cores. Skipped where there is no g++.
 */
class StagesOnHostTest {
  /** fp32 sums in another order; normalising a shard of two pixels magnifies what they lose. */
  private static final double TOLERANCE = 2e-4;

  private static final int[] ROWS = {3, 1, 4, 1, 5};
  private static final TrainSpec SPEC = spec(new Augmentation(Mirror.RANDOM, 0, Border.EDGE, 0));

  private static final Layout LAYOUT = Layout.of(SPEC.shards());

  private static TrainSpec spec(Augmentation how) {
    return new TrainSpec(
        8,
        4,
        0.1f,
        how,
        1,
        new UpdateRule.Sgd(0.5f, 0),
        TrainSpec.Clipping.NONE,
        TrainSpec.Average.NONE,
        Precision.FP32);
  }

  /** Every third: fibers take a second for each. -Dbelay.host.stages=all takes all. */
  static List<String> networks() {
    List<String> all = BackendContract.networks();
    int step = System.getProperty("belay.host.stages", "some").equals("all") ? 1 : 3;
    return IntStream.range(0, all.size()).filter(i -> i % step == 0).mapToObj(all::get).toList();
  }

  /** Random parameters, and statistics of which no variance is negative. */
  private static float[] weights(Network network, RandomInputs random) {
    float[] weights = random.gaussian(network.weightCount(), 0.3);
    for (int i = network.parameterCount(); i < weights.length; i++) {
      weights[i] = 1 + Math.abs(weights[i]);
    }
    return weights;
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aStepAndAnEvaluationEqualTheReference(String layers) {
    assertEqualsTheReference(layers, SPEC);
  }

  /**
   * Every view with another colour, size and share of another image, and targets of two classes.
   */
  @Test
  void aStepOnMixturesEqualsTheReference() {
    assertEqualsTheReference(
        "input 8x8x3; conv 8 stride=2; silu; latent; linear 7; logits",
        spec(Augmentations.colours()));
  }

  /** What is read and what is to be reconstructed differ. */
  @Test
  void aStepBehindNoiseEqualsTheReference() {
    assertEqualsTheReference(
        "input 8x8x3; conv 8; silu; latent; conv 3", spec(Augmentations.noisy(0.2, 0.3, 2)));
  }

  private static void assertEqualsTheReference(String layers, TrainSpec spec) {
    Network network = BackendContract.network(layers);
    RandomInputs random = new RandomInputs(2);
    ImageSet images = random.images(network, 6);
    TrainState first = TrainState.initial(network, weights(network, random), spec.rule().slots());
    TrainState start = new TrainState(first.weights(), first.slots(), 3, Tally.NONE);
    try (TrainPlan expected =
            new ReferenceBackend().compileTraining(network, spec, images, images, start);
        TrainPlan actual = HostPlan.training(network, spec, LAYOUT, images, start)) {
      assertAlike(expected.evaluate(ROWS), actual.evaluate(ROWS));
      expected.step(ROWS, new StepScalars(1e-3f, 3));
      actual.step(ROWS, new StepScalars(1e-3f, 3));
      assertAlike(expected.snapshot(), actual.snapshot());
    }
  }

  private static void assertAlike(Evaluation expected, Evaluation actual) {
    assertEquals(
        expected.tally().lossSum(),
        actual.tally().lossSum(),
        TOLERANCE * expected.tally().lossSum());
    assertEquals(expected.live(), actual.live());
  }

  private static void assertAlike(TrainState expected, TrainState actual) {
    assertEquals(expected.tally().right(), actual.tally().right());
    assertEquals(
        expected.tally().lossSum(),
        actual.tally().lossSum(),
        TOLERANCE * expected.tally().lossSum());
    assertClose(expected.slot(Slot.FIRST_MOMENT), actual.slot(Slot.FIRST_MOMENT));
    assertClose(expected.weights(), actual.weights());
  }

  /** Of groups, without a limit to the gradient's length, which other launches measure. */
  static List<TrainSpec> updates() {
    return BackendContract.specs().stream()
        .filter(spec -> !spec.groups().isNone())
        .filter(spec -> spec.clipping().norm() == 0)
        .toList();
  }

  /** Of epochs 1 and 2, a convolution and a linear kernel, biases, scales and shifts. */
  @ParameterizedTest
  @MethodSource("updates")
  void updatesEqualTheReference(TrainSpec spec) {
    Network network =
        BackendContract.network(
            "input 5x5x3; conv 4 padding=0; batchnorm; gelu; conv 6; gelu; latent; conv 5;"
                + " globalaveragepool; linear 3; logits");
    RandomInputs random = new RandomInputs(5);
    ImageSet images = random.images(network, 6);
    TrainState start = TrainState.initial(network, weights(network, random), spec.slots());
    try (TrainPlan expected =
            new ReferenceBackend().compileTraining(network, spec, images, images, start);
        TrainPlan actual =
            HostPlan.training(network, spec, Layout.of(spec.shards()), images, start)) {
      for (int step = 0; step < 4; step++) {
        expected.step(ROWS, new StepScalars(0.03f, 1 + step / 2));
        actual.step(ROWS, new StepScalars(0.03f, 1 + step / 2));
      }
      assertAlike(expected.snapshot(), actual.snapshot());
    }
  }

  /** Strides, additions, a projection, batch normalisation: all that sums over images. */
  @Test
  void shardsLaunchedOneByOneInAnyOrderGiveTheSameBits() {
    Network network =
        BackendContract.network(
            "input 8x8x3; conv 4 kernel=5 bias=no; batchnorm; relu name=in;"
                + " conv 6 stride=2 bias=no; batchnorm; relu; conv 6; batchnorm name=body;"
                + " conv 6 kernel=1 stride=2 from=in; batchnorm; add body; relu; latent;"
                + " upsample 2; conv 3");
    TrainState whole = trained(network, LAYOUT);
    for (List<Integer> order : List.of(List.of(3, 2, 1, 0), List.of(2, 0, 3, 1))) {
      TrainState parts = trained(network, new Layout(4, OptionalInt.empty(), order));
      assertArrayEquals(whole.weights(), parts.weights());
      assertEquals(whole.tally(), parts.tally());
    }
  }

  private static TrainState trained(Network network, Layout layout) {
    RandomInputs random = new RandomInputs(4);
    ImageSet images = random.images(network, 6);
    float[] weights = weights(network, random);
    TrainState start = TrainState.initial(network, weights, SPEC.rule().slots());
    try (TrainPlan plan = HostPlan.training(network, SPEC, layout, images, start)) {
      plan.step(ROWS, new StepScalars(1e-3f)); // shards of 2, 2 and 1 image, and a missing one
      plan.step(random.rows(8, 6), new StepScalars(1e-3f));
      return plan.snapshot();
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void everyMarkedValueEqualsTheReference(String layers) {
    Network network = BackendContract.network(layers);
    RandomInputs random = new RandomInputs(3);
    ImageSet images = random.images(network, 6);
    float[] weights = weights(network, random);
    for (Mark mark : network.program().marks().keySet()) {
      try (EncodePlan expected =
              new ReferenceBackend().compileEncoding(network, mark, 4, images, weights);
          EncodePlan actual = HostPlan.encoding(network, mark, 4, images, weights)) {
        int size = network.program().shape(network.program().value(mark)).size();
        assertClose(encoded(expected, size), encoded(actual, size));
      }
    }
  }

  private static float[] encoded(EncodePlan plan, int size) {
    float[] features = new float[3 * size];
    plan.encode(2, 3, features);
    return features;
  }

  private static void assertClose(float[] expected, float[] actual) {
    double distance = Likeness.distance(expected, actual);
    assertTrue(distance <= TOLERANCE, () -> "relative error " + distance);
  }
}
