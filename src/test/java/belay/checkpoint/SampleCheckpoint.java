package belay.checkpoint;

import belay.net.Network;
import belay.net.Parameter;
import belay.net.Slot;
import belay.net.Statistic;
import belay.net.Tally;
import belay.net.TrainState;
import belay.train.EpochResult;
import belay.train.Progress;
import java.time.Instant;
import java.util.Arrays;
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

  /** With batch norm, whose running variances are what is not negative in its weights. */
  static final Network NORMALISED =
      Network.parse(
          "normalised",
          """
          block norm channels
            conv $channels bias=no
            batchnorm
          end
          input 8x8x3
          norm 4 name=enc.first
          latent
          conv 3 name=dec1
          add input
          """);

  /** Of a network whose weights have statistics behind the parameters. */
  static Checkpoint normalised() {
    return of(NORMALISED, 2, 0, 158);
  }

  /** After an epoch, with Adam's two moments. */
  static Checkpoint afterEpoch(int epoch) {
    return at(epoch, 0, epoch * 79L);
  }

  static Checkpoint at(int epoch, int position, long step) {
    return of(NETWORK, epoch, position, step);
  }

  private static Checkpoint of(Network network, int epoch, int position, long step) {
    Random random = new Random(epoch);
    int parameters = network.parameterCount();
    TrainState state =
        new TrainState(
            weights(network, random),
            moments(floats(random, parameters), squares(random, parameters)),
            step,
            new Tally(Math.abs(random.nextGaussian()), position));
    return new Checkpoint(
        state,
        progress(network, epoch, random).at(position, position / 7.0),
        network,
        Map.of("train.batch", "128", "data.dir", "", "note", "größer als 0"),
        Map.of("host", "node-7", "data-sha256", "abc"),
        List.of("airplane", "automobile", "bird"));
  }

  private static Map<Slot, float[]> moments(float[] first, float[] second) {
    return Map.of(Slot.FIRST_MOMENT, first, Slot.SECOND_MOMENT, second);
  }

  private static Progress progress(Network network, int epochs, Random random) {
    Progress progress = Progress.start();
    for (int epoch = 1; epoch <= epochs; epoch++) {
      progress =
          progress.finish(
              new EpochResult(
                  epoch,
                  epoch * 79L,
                  random.nextDouble(),
                  random.nextDouble(),
                  Double.NaN,
                  Double.NaN,
                  Double.NaN,
                  Double.NaN,
                  random.nextDouble(),
                  1e-3,
                  random.nextDouble(),
                  1 / 3.0,
                  random.nextDouble(),
                  Instant.ofEpochSecond(1_800_000_000 + epoch),
                  ratios(network, random)));
    }
    return progress;
  }

  private static Map<String, Double> ratios(Network network, Random random) {
    Map<String, Double> ratios = new LinkedHashMap<>();
    for (Parameter parameter : network.program().parameters()) {
      ratios.put(parameter.name(), random.nextDouble());
    }
    return ratios;
  }

  private static float[] weights(Network network, Random random) {
    float[] weights = floats(random, network.weightCount());
    for (Statistic statistic : network.program().statistics()) {
      if (statistic.kind() == Statistic.Kind.VARIANCE) {
        weights[statistic.offset()] = Math.abs(weights[statistic.offset()]);
        Arrays.fill(weights, statistic.offset() + 1, statistic.end(), random.nextFloat());
      }
    }
    return weights;
  }

  private static float[] squares(Random random, int count) {
    float[] values = floats(random, count);
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.abs(values[i]);
    }
    return values;
  }

  private static float[] floats(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(random.nextInt() & 0xbfffffff);
    }
    return values;
  }
}
