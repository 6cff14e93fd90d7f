package belay.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import belay.backend.reference.ReferenceBackend;
import belay.data.ImageSet;
import belay.net.Network;
import belay.net.TrainState;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A step depends on the shards of its minibatch, and on nothing else about how it is run. */
public interface ShardContract extends Candidate {
  /** A chain, and a residual network with strides and statistics. */
  static List<String> sharded() {
    return List.of(
        "input 8x8x3; conv 16; relu; maxpool 2; latent; conv 16; relu; upsample 2; conv 3",
        "input 8x8x3; conv 8 bias=no; batchnorm; relu name=a; conv 8 bias=no; batchnorm; add a;"
            + " relu; conv 16 stride=2; dropout 0.3; gelu; latent; upsample 2; conv 3");
  }

  /** Each network with each number of shards of 16 images. */
  static List<Arguments> shards() {
    return sharded().stream()
        .flatMap(layers -> Stream.of(1, 2, 8, 16).map(shards -> Arguments.of(layers, shards)))
        .toList();
  }

  /** Minibatches of whole shards, short and missing ones. */
  int[] SIZES = {16, 11, 1, 5};

  @ParameterizedTest
  @MethodSource("shards")
  default void aStepDependsOnShardsAlone(String layers, int shards) {
    TrainState once = run(backend(), layers, spec(16, shards, precision()));
    ShardContract.assertSameBits(once, run(backend(), layers, spec(16, shards, precision())));
    if (precision() != Precision.FP16) { // whose loss scale follows from the largest minibatch
      ShardContract.assertSameBits(once, run(backend(), layers, spec(23, shards, precision())));
      ShardContract.assertSameBits(once, run(backend(), layers, spec(64, shards, precision())));
    }
    ShardContract.assertSameBits(once, resumed(layers, spec(16, shards, precision())));
  }

  /** Momentum makes each step's gradient visible in the end. */
  private static TrainSpec spec(int batch, int shards, Precision precision) {
    UpdateRule rule = new UpdateRule.Sgd(0.9f, 1e-3f);
    return new TrainSpec(batch, shards, 9, rule, TrainSpec.Clipping.NONE, precision);
  }

  private static TrainState run(Backend device, String layers, TrainSpec spec) {
    try (device;
        TrainPlan plan = plan(device, layers, spec, start(layers, spec))) {
      for (int size : SIZES) {
        plan.step(rows(size), new StepScalars(0.01f));
      }
      return plan.snapshot();
    }
  }

  /** A device and a plan for each step. */
  private TrainState resumed(String layers, TrainSpec spec) {
    TrainState state = start(layers, spec);
    for (int size : SIZES) {
      try (Backend device = backend();
          TrainPlan plan = plan(device, layers, spec, state)) {
        plan.step(rows(size), new StepScalars(0.01f));
        state = plan.snapshot();
      }
    }
    return state;
  }

  private static TrainPlan plan(Backend device, String layers, TrainSpec spec, TrainState start) {
    ImageSet images = Trial.of(layers).images();
    return device.compileTraining(Trial.of(layers).network(), spec, images, images, start);
  }

  private static TrainState start(String layers, TrainSpec spec) {
    Trial trial = Trial.of(layers);
    return TrainState.initial(trial.network(), trial.weights(), spec.rule().slots());
  }

  /** Some images more than once. */
  private static int[] rows(int count) {
    return IntStream.range(0, count).map(i -> i * 5 % 13).toArray();
  }

  static void assertSameBits(TrainState expected, TrainState actual) {
    assertArrayEquals(expected.weights(), actual.weights());
    assertEquals(expected.slots().keySet(), actual.slots().keySet());
    expected.slots().forEach((slot, values) -> assertArrayEquals(values, actual.slot(slot)));
    assertEquals(expected.step(), actual.step());
    assertEquals(expected.tally().lossSum(), actual.tally().lossSum());
    assertEquals(expected.tally().images(), actual.tally().images());
  }

  @ParameterizedTest
  @MethodSource("shards")
  default void shortAndMissingShardsEqualTheReference(String layers, int shards) {
    for (int size : SIZES) {
      TrainState expected =
          step(new ReferenceBackend(), layers, spec(16, shards, Precision.FP32), size);
      TrainState actual = step(backend(), layers, spec(16, shards, precision()), size);
      Network network = Trial.of(layers).network();
      new Likeness(network, tolerance()).assertAlikeAfterAStep(expected, actual);
    }
  }

  private static TrainState step(Backend device, String layers, TrainSpec spec, int images) {
    try (device;
        TrainPlan plan = plan(device, layers, spec, start(layers, spec))) {
      plan.step(rows(images), new StepScalars(0));
      return plan.snapshot();
    }
  }

  @ParameterizedTest
  @MethodSource("sharded")
  default void anEvaluationDependsOnShardsAlone(String layers) {
    assertEquals(evaluation(layers, 16), evaluation(layers, 40));
  }

  private Evaluation evaluation(String layers, int batch) {
    TrainSpec spec = spec(batch, 4, precision());
    try (Backend device = backend();
        TrainPlan plan = plan(device, layers, spec, start(layers, spec))) {
      return plan.evaluate(rows(13));
    }
  }
}
