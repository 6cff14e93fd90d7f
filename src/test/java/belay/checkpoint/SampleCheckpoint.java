package belay.checkpoint;

import belay.net.Network;
import belay.net.Parameter;
import belay.net.Slot;
import belay.net.TrainState;
import belay.train.EpochResult;
import belay.train.Progress;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Checkpoints whose every bit is different, of a network of some hundred parameters. */
final class SampleCheckpoint {
  static final Network NETWORK =
      Network.parse(
          "tiny",
          """
          # comments and spacing are kept too
          input 8x8x3
          conv  4   name=enc1
          relu
          maxpool 2
          latent
          upsample 2
          conv  3   name=dec1 kernel=5
          """);

  private SampleCheckpoint() {}

  /** After an epoch, with Adam's two moments. */
  static Checkpoint afterEpoch(int epoch) {
    return at(epoch, 0, epoch * 79L);
  }

  static Checkpoint at(int epoch, int position, long step) {
    Random random = new Random(epoch);
    TrainState state =
        new TrainState(
            floats(random),
            moments(floats(random), squares(random)),
            step,
            Math.abs(random.nextGaussian()),
            position);
    return new Checkpoint(
        state,
        progress(epoch, random).at(position, position / 7.0),
        NETWORK,
        Map.of("train.batch", "128", "data.dir", "", "note", "größer als 0"),
        Map.of("host", "node-7", "data-sha256", "abc"),
        List.of("airplane", "automobile", "bird"));
  }

  private static Map<Slot, float[]> moments(float[] first, float[] second) {
    return Map.of(Slot.FIRST_MOMENT, first, Slot.SECOND_MOMENT, second);
  }

  private static Progress progress(int epochs, Random random) {
    Progress progress = Progress.start();
    for (int epoch = 1; epoch <= epochs; epoch++) {
      progress =
          progress.finish(
              new EpochResult(
                  epoch,
                  epoch * 79L,
                  random.nextDouble(),
                  random.nextDouble(),
                  random.nextDouble(),
                  1e-3,
                  random.nextDouble(),
                  1 / 3.0,
                  random.nextDouble(),
                  Instant.ofEpochSecond(1_800_000_000 + epoch),
                  ratios(random)));
    }
    return progress;
  }

  private static Map<String, Double> ratios(Random random) {
    Map<String, Double> ratios = new LinkedHashMap<>();
    for (Parameter parameter : NETWORK.program().parameters()) {
      ratios.put(parameter.name(), random.nextDouble());
    }
    return ratios;
  }

  private static float[] squares(Random random) {
    float[] values = floats(random);
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.abs(values[i]);
    }
    return values;
  }

  private static float[] floats(Random random) {
    float[] values = new float[NETWORK.parameterCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(random.nextInt() & 0xbfffffff);
    }
    return values;
  }
}
