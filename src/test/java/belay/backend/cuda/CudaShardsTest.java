package belay.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import belay.backend.BackendContract;
import belay.backend.Precision;
import belay.backend.RandomInputs;
import belay.backend.StepScalars;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.backend.UpdateRule;
import belay.backend.cuda.driver.Gpu;
import belay.backend.cuda.frame.Layout;
import belay.backend.cuda.net.CudaTrainPlan;
import belay.data.ImageSet;
import belay.error.DeviceException;
import belay.net.Network;
import belay.net.TrainState;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A step's bits depend on the shards of its minibatch, not on the tiles of products or on how many
 * shards a launch holds; skipped without a GPU.
 */
class CudaShardsTest {
  private static final int IMAGES = 41;
  private static final int STEPS = 50;

  /**
   * Channels that tiles fill, parts of columns that fit shards; then neither; then all that sums
   * over images in a residual network.
   */
  private static final List<String> NETWORKS =
      List.of(
          "input 32x32x3; conv 72; relu; maxpool 2; conv 136; relu; maxpool 2; latent;"
              + " conv 40; relu; upsample 2; conv 72; relu; upsample 2; conv 3",
          "input 8x12x3; conv 16; relu; maxpool 2; conv 24; relu; latent;"
              + " conv 16; relu; upsample 2; conv 3",
          "input 6x10x2; conv 17 kernel=5; relu; maxpool 2; conv 9; relu; latent;"
              + " upsample 2; conv 9; relu; conv 2",
          "input 16x16x3; conv 16 bias=no; batchnorm; relu name=in; conv 32 stride=2 bias=no;"
              + " batchnorm; relu; conv 32 bias=no; batchnorm name=body; conv 32 kernel=1 stride=2"
              + " bias=no from=in; batchnorm; add body; relu; latent; upsample 2; conv 3");

  /** One with whole shards, one with a short last one, one that lacks shards. */
  private static final List<Integer> COUNTS = List.of(32, 27, 9);

  static List<Arguments> all() {
    List<Arguments> all = new ArrayList<>();
    for (String network : NETWORKS) {
      for (int shards : List.of(8, 32)) {
        for (Precision precision : Precision.values()) {
          all.add(arguments("auto", precision, shards, network));
        }
        all.add(arguments("sm_80", Precision.BF16, shards, network));
        all.add(arguments("sm_80", Precision.FP32, shards, network));
        all.add(arguments("sm_70", Precision.FP16, shards, network));
        all.add(arguments("sm_35", Precision.FP32, shards, network));
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyTileGivesTheSameBits(String tier, Precision precision, int shards, String layers) {
    Trained expected = train(tier, precision, layers, Layout.of(shards));
    for (int tile = 0; tile < 3; tile++) {
      Layout forced = new Layout(shards, OptionalInt.of(tile), List.of());
      expected.assertSame(train(tier, precision, layers, forced));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void shardsLaunchedOneByOneInAnyOrderGiveTheSameBits(
      String tier, Precision precision, int shards, String layers) {
    Trained expected = train(tier, precision, layers, Layout.of(shards));
    List<Integer> down = IntStream.range(0, shards).map(i -> shards - 1 - i).boxed().toList();
    List<Integer> mixed =
        IntStream.range(0, shards).map(i -> (5 * i + 3) % shards).boxed().toList();
    for (List<Integer> order : List.of(down, mixed)) {
      expected.assertSame(
          train(tier, precision, layers, new Layout(shards, OptionalInt.empty(), order)));
      expected.assertSame(
          train(tier, precision, layers, new Layout(shards, OptionalInt.of(2), order)));
    }
  }

  /** What training leaves. */
  private record Trained(float[] weights, double loss, double error) {
    void assertSame(Trained other) {
      assertTrue(Double.isFinite(loss) && Double.isFinite(error));
      assertArrayEquals(weights, other.weights);
      assertEquals(loss, other.loss);
      assertEquals(error, other.error);
    }
  }

  private static Trained train(String tier, Precision precision, String layers, Layout layout) {
    Gpu gpu = SharedDevices.gpu(tier, precision);
    Network network = BackendContract.network(layers);
    RandomInputs random = new RandomInputs(7);
    ImageSet images = random.images(network, IMAGES);
    float[] weights = random.weights(network);
    TrainSpec spec =
        new TrainSpec(
            COUNTS.get(0),
            layout.shards(),
            1,
            new UpdateRule.Sgd(0.9f, 0),
            TrainSpec.Clipping.NONE,
            precision);
    TrainState start = TrainState.initial(network, weights, spec.rule().slots());
    try (TrainPlan plan = new CudaTrainPlan(gpu, network, spec, images, images, start, layout)) {
      for (int step = 0; step < STEPS; step++) {
        int count = COUNTS.get(step % COUNTS.size());
        plan.step(random.rows(count, IMAGES), new StepScalars(1e-3f));
      }
      double loss = plan.tally().loss();
      double error = plan.evaluate(random.rows(COUNTS.get(1), IMAGES)).tally().lossSum();
      return new Trained(plan.snapshot().weights(), loss, error);
    } catch (DeviceException e) {
      return abort(e.getMessage());
    }
  }
}
