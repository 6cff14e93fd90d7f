package belay.run;

import belay.checkpoint.BestOf;
import belay.checkpoint.Checkpoint;
import belay.checkpoint.CheckpointFile;
import belay.checkpoint.RunDirectory;
import belay.conf.settings.TrainSettings;
import belay.data.ImageSet;
import belay.error.ConfigurationException;
import belay.net.Initializer;
import belay.net.Network;
import belay.net.Parameter;
import belay.net.Statistic;
import belay.train.Measured;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights before the first step: random ones, measured ones, and what a training takes over
 * from another one, which is parameters and statistics of the same name and shape, as evaluation
 * would use them.
 */
final class StartingWeights {
  private static final System.Logger LOG = System.getLogger("belay.train");

  private final Map<String, Tensor> there = new HashMap<>();
  private final float[] values;
  private final List<String> taken = new ArrayList<>();
  private final List<String> fresh = new ArrayList<>();
  private final List<String> unfit = new ArrayList<>();

  private record Tensor(List<Integer> shape, int offset, int size) {
    static Tensor of(Parameter parameter) {
      return new Tensor(parameter.shape(), parameter.offset(), parameter.size());
    }

    static Tensor of(Statistic statistic) {
      return new Tensor(List.of(statistic.size()), statistic.offset(), statistic.size());
    }
  }

  private StartingWeights(Checkpoint from) {
    this.values = from.state().inferenceWeights();
    tensors(from.network()).forEach(there::put);
  }

  private static Map<String, Tensor> tensors(Network network) {
    Map<String, Tensor> tensors = new HashMap<>();
    network.program().parameters().forEach(p -> tensors.put(p.name(), Tensor.of(p)));
    network.program().statistics().forEach(s -> tensors.put(s.name(), Tensor.of(s)));
    return tensors;
  }

  /**
   * As the settings say.
   *
   * @param images that train
   */
  static float[] of(Network network, TrainSettings train, ImageSet images) {
    Initializer initializer = Initializer.valueOf(train.init().name());
    float[] weights = initializer.initialize(network, train.seed());
    Measured.write(network, images, weights);
    train.start().ifPresent(place -> take(place, network, weights));
    return weights;
  }

  /**
   * Writes what fits over weights, and says what was taken, what is new and what did not fit.
   *
   * @param place a run directory, for its best checkpoint, or a checkpoint
   * @param weights of the network, before training
   * @throws ConfigurationException if nothing fits
   */
  private static void take(Path place, Network network, float[] weights) {
    Checkpoint from =
        Files.isDirectory(place)
            ? BestOf.run(RunDirectory.open(place))
            : CheckpointFile.read(place);
    StartingWeights start = new StartingWeights(from);
    network.program().parameters().forEach(p -> start.take(p.name(), Tensor.of(p), weights));
    network.program().statistics().forEach(s -> start.take(s.name(), Tensor.of(s), weights));
    if (start.taken.isEmpty()) {
      throw new ConfigurationException(
          "train.start = %s: none of its %d tensors has a name and shape of the network %s; give its lines the names of those (name=), or leave train.start empty"
              .formatted(place, start.there.size(), network.name()));
    }
    start.tell(place, from);
  }

  private void take(String name, Tensor to, float[] weights) {
    Tensor from = there.get(name);
    if (from == null) {
      fresh.add(name);
    } else if (!from.shape().equals(to.shape())) {
      unfit.add(name);
    } else {
      System.arraycopy(values, from.offset(), weights, to.offset(), to.size());
      taken.add(name);
    }
  }

  private void tell(Path place, Checkpoint from) {
    LOG.log(
        System.Logger.Level.INFO,
        "start={0} network={1} epoch={2} taken={3} new=\"{4}\" of-another-shape=\"{5}\"",
        place,
        from.network().name(),
        Integer.toString(from.progress().epoch()),
        Integer.toString(taken.size()),
        String.join(" ", fresh),
        String.join(" ", unfit));
  }
}
