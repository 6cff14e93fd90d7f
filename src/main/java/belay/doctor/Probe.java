package belay.doctor;

import belay.backend.Backend;
import belay.backend.Precision;
import belay.backend.StepScalars;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.backend.UpdateRule;
import belay.data.ImageSet;
import belay.data.SyntheticImages;
import belay.net.Initializer;
import belay.net.Network;
import belay.net.Slot;
import belay.net.TrainState;
import java.util.List;

/**
 * A network and a minibatch whose gradient tells whether a device computes right.
 *
 * <p>The minibatch holds a few distinct images again and again, in every shard equally often: its
 * gradient is that of the distinct images alone, which the reference has in a moment, while the
 * device launches the tiles and splits of a large minibatch.
 *
 * @param name of what it tries
 * @param layers lines of the network, parted by semicolons
 * @param side of the images
 * @param images of the minibatch, a multiple of distinct
 */
record Probe(String name, String layers, int side, int distinct, int images) {
  private static final int CHANNELS = 3;

  /**
   * Every operation with the neighbours that a device may fuse it with, then production's sizes.
   */
  static List<Probe> all() {
    return List.of(
        small("conv 1x1", "conv 16 kernel=1; latent; conv 3 kernel=1"),
        small("conv 3x3", "conv 16; latent; conv 3"),
        small("conv 5x5", "conv 16 kernel=5; latent; conv 3 kernel=5"),
        small("conv, relu", "conv 16; relu; latent; conv 16; relu; conv 3"),
        small(
            "conv, relu, maxpool; upsample, conv",
            "conv 32; relu; maxpool 2; conv 16; relu; maxpool 2; latent;"
                + " conv 16; relu; upsample 2; conv 32; relu; upsample 2; conv 3"),
        small("maxpool 4; upsample 4", "conv 8; maxpool 4; latent; upsample 4; conv 3"),
        small(
            "conv stride 2, batchnorm, gelu, add",
            "conv 16 stride=2 bias=no; batchnorm; gelu name=a; conv 16 bias=no; batchnorm; add a;"
                + " latent; upsample 2; conv 3"),
        small(
            "normalize, batchnorm, relu; conv stride 3",
            "normalize; conv 24 stride=3 kernel=4 padding=2; batchnorm; relu; latent; conv 48; upsample 8;"
                + " averagepool 3; conv 3"),
        small(
            "pools, silu, leaky-relu, linear, dropout",
            "conv 16; silu; averagepool 3 stride=1 padding=1; maxpool 3 stride=2 padding=1;"
                + " leaky-relu; dropout 0.25; latent; globalaveragepool; linear 24; upsample 16;"
                + " conv 3 kernel=1"),
        large(
            "the autoencoder, 128 images",
            "conv 256; relu; maxpool 2; conv 128; relu; maxpool 2; latent;"
                + " conv 128; relu; upsample 2; conv 256; relu; upsample 2; conv 3"),
        large(
            "a residual network, 128 images",
            "conv 64 stride=2 bias=no; batchnorm; gelu name=a; conv 64 bias=no; batchnorm; gelu;"
                + " conv 64 bias=no; batchnorm; add a; gelu; latent; upsample 2; conv 3"));
  }

  private static Probe small(String name, String layers) {
    return new Probe(name, layers, 16, 100, 100);
  }

  private static Probe large(String name, String layers) {
    return new Probe(name, layers, 32, 4, 128);
  }

  Network network() {
    String text = "input %dx%dx%d; %s".formatted(side, side, CHANNELS, layers);
    return Network.parse("doctor", text.replace(";", "\n"));
  }

  /**
   * @param batch images of the minibatch, {@link #distinct} or {@link #images}
   */
  float[] gradient(Backend device, Precision precision, int batch) {
    Network network = network();
    ImageSet set = new SyntheticImages(1, side, side).dataset(distinct, 1).train();
    TrainSpec spec =
        new TrainSpec(
            batch,
            batch == distinct ? 1 : TrainSpec.usualShards(batch),
            1,
            new UpdateRule.Sgd(0, 0),
            TrainSpec.Clipping.NONE,
            precision);
    TrainState start =
        TrainState.initial(network, Initializer.HE.initialize(network, 1), spec.rule().slots());
    try (TrainPlan plan = device.compileTraining(network, spec, set, set, start)) {
      int[] rows = new int[batch];
      for (int i = 0; i < batch; i++) {
        rows[i] = i % distinct;
      }
      plan.step(rows, new StepScalars(0));
      return plan.snapshot().slot(Slot.FIRST_MOMENT); // without momentum, the gradient itself
    }
  }
}
