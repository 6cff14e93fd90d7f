package belay.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.reference.ReferenceBackend;
import belay.data.ImageSet;
import belay.data.RowOrder;
import belay.net.Mark;
import belay.net.Network;
import belay.net.Slot;
import belay.net.TrainState;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Single operations at the borders of tiles and at numbers of channels that are in use. */
public interface OperationContract extends Candidate {
  /**
   * Two products with nothing between, so that each pass of each can be told; and numbers of
   * shards. Pixels of an image are 127, 128 and 129, or squares; the images of a shard are one or
   * two.
   */
  static List<Arguments> products() {
    return List.of(
        Arguments.of("input 1x127x8; conv 72 kernel=1 bias=no; latent; conv 8", 2),
        Arguments.of("input 8x16x64; conv 128 kernel=1 bias=no; latent; conv 64", 1),
        Arguments.of("input 3x43x72; conv 136 kernel=1; latent; conv 72", 2),
        Arguments.of("input 8x8x256; conv 128 kernel=1 bias=no; latent; conv 256", 1),
        Arguments.of("input 8x8x128; conv 256 kernel=1 bias=no; latent; conv 128", 2),
        Arguments.of("input 16x16x3; conv 64; latent; conv 3 kernel=5", 2),
        Arguments.of("input 32x32x3; conv 32 kernel=7; latent; conv 3", 1),
        Arguments.of("input 16x16x64; conv 72 stride=2; latent; conv 64 kernel=9 padding=8", 2),
        Arguments.of(
            "input 9x9x8; conv 128 stride=4 kernel=5; latent; conv 8 kernel=7 padding=6", 1),
        Arguments.of("input 12x12x8; conv 64 stride=3; latent; conv 8 kernel=9 padding=8", 2),
        Arguments.of(
            "input 11x12x64; conv 65 kernel=2 bias=no; latent; conv 64 kernel=2 padding=1", 2),
        Arguments.of("input 1x1x256; linear 129; latent; linear 256", 2),
        Arguments.of("input 1x1x513; linear 1000; latent; linear 513 bias=no", 1));
  }

  @ParameterizedTest
  @MethodSource("products")
  default void productsErrByTheirRoundingsAlone(String layers, int shards) {
    assertProducts(layers, 2, shards);
  }

  /** Element by element, with the bound that {@link Estimate} derives. */
  default void assertProducts(String layers, int count, int shards) {
    Network network = BackendContract.network(layers);
    RandomInputs random = new RandomInputs(40);
    ImageSet images = random.images(network, count);
    float[] weights = random.weights(network);
    DoubleProducts expected = new DoubleProducts(precision(), network, weights, images);
    for (Mark mark : network.program().marks().keySet()) {
      Estimate value = expected.value(network.program().value(mark));
      assertWithin(mark.toString(), value, encode(network, mark, images, weights));
    }
    TrainState after = step(backend(), network, spec(count, shards, precision()), images, weights);
    assertWithin("gradient", expected.gradient(), after.slot(Slot.FIRST_MOMENT));
  }

  private void assertWithin(String name, Estimate expected, float[] actual) {
    assertEquals(expected.value().length, actual.length);
    for (int i = 0; i < actual.length; i++) {
      int place = i;
      assertTrue(
          Math.abs(actual[i] - expected.value()[i]) <= bias() * expected.bound(i),
          () ->
              "%s[%d]: %s instead of %s +- %.2e"
                  .formatted(
                      name,
                      place,
                      actual[place],
                      expected.value()[place],
                      bias() * expected.bound(place)));
    }
  }

  private float[] encode(Network network, Mark mark, ImageSet images, float[] weights) {
    int size = network.program().shape(network.program().value(mark)).size();
    float[] values = new float[images.count() * size];
    try (Backend device = backend();
        EncodePlan plan = device.compileEncoding(network, mark, images.count(), images, weights)) {
      plan.encode(0, images.count(), values);
    }
    return values;
  }

  private static TrainSpec spec(int batch, int shards, Precision precision) {
    return new TrainSpec(
        batch, shards, 1, new UpdateRule.Sgd(0, 0), TrainSpec.Clipping.NONE, precision);
  }

  /** One step on all images, whose first moment is the gradient. */
  private static TrainState step(
      Backend device, Network network, TrainSpec spec, ImageSet images, float[] weights) {
    TrainState start = TrainState.initial(network, weights, spec.rule().slots());
    try (device;
        TrainPlan plan = device.compileTraining(network, spec, images, images, start)) {
      plan.step(RowOrder.identity(images.count()), new StepScalars(0));
      return plan.snapshot();
    }
  }

  /**
   * The other operations with many channels. The normalisation's gradients show what each channel
   * does; what follows it is smooth, or as monotone as the bytes of the images.
   */
  static List<String> channelwise() {
    return IntStream.of(8, 64, 72, 128, 136, 256)
        .boxed()
        .flatMap(
            channels ->
                Stream.of(
                        "input 8x16x%d; batchnorm; maxpool 2; gelu name=a; dropout 0.25; add a;"
                            + " latent; upsample 2",
                        "input 9x15x%d; batchnorm name=a; averagepool 3 stride=1 padding=1; silu;"
                            + " add a; latent; maxpool 3 stride=1 padding=1",
                        "input 8x8x%d; batchnorm; relu; averagepool 2; leaky-relu;"
                            + " globalaveragepool; latent; upsample 8")
                    .map(layers -> layers.formatted(channels)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("channelwise")
  default void manyChannelsEqualTheReference(String layers) {
    Network network = BackendContract.network(layers);
    RandomInputs random = new RandomInputs(41);
    ImageSet images = random.images(network, 7);
    float[] weights = random.weights(network);
    TrainState expected =
        step(new ReferenceBackend(), network, spec(8, 4, Precision.FP32), images, weights);
    TrainState actual = step(backend(), network, spec(8, 4, precision()), images, weights);
    new Likeness(network, tolerance()).assertAlikeAfterAStep(expected, actual);
  }
}
