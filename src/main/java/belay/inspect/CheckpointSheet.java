package belay.inspect;

import belay.checkpoint.Checkpoint;
import belay.checkpoint.CheckpointFile;
import belay.net.Network;
import belay.net.Parameter;
import belay.net.Slot;
import belay.net.Statistic;
import belay.net.TrainState;
import belay.train.EpochResult;
import belay.train.Progress;
import belay.view.Table;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A checkpoint: layers, weights and moments, and how the training went. */
final class CheckpointSheet {
  private CheckpointSheet() {}

  static void add(Sheet sheet, Path file) {
    Checkpoint checkpoint = CheckpointFile.read(file);
    Network network = checkpoint.network();
    sheet
        .facts("progress", progress(checkpoint))
        .table("layers", NetworkSheet.layers(network))
        .table("weights", weights(network, checkpoint.state()))
        .table("optimiser", moments(network, checkpoint.state()))
        .table("epochs", epochs(checkpoint.progress().history()));
  }

  private static Map<String, Object> progress(Checkpoint checkpoint) {
    Progress progress = checkpoint.progress();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("epoch", progress.epoch());
    facts.put("step", checkpoint.state().step());
    facts.put("images-of-next-epoch", progress.position());
    facts.put("best-epoch", progress.bestEpoch());
    return facts;
  }

  private static Table weights(Network network, TrainState state) {
    Table table =
        new Table("parameter", "shape", "mean", "deviation", "min", "max", "norm", "zeros");
    for (Parameter parameter : network.program().parameters()) {
      Statistics of = Statistics.of(state.weights(), parameter.offset(), parameter.end());
      weights(table, parameter.name(), parameter.shape(), of);
    }
    for (Statistic statistic : network.program().statistics()) {
      Statistics of = Statistics.of(state.weights(), statistic.offset(), statistic.end());
      weights(table, statistic.name(), List.of(statistic.size()), of);
    }
    return table;
  }

  private static void weights(Table table, String name, List<Integer> shape, Statistics of) {
    table.row(
        name,
        shape.toString().replace(" ", ""),
        of.mean(),
        of.deviation(),
        of.min(),
        of.max(),
        of.norm(),
        of.zeros());
  }

  private static Table moments(Network network, TrainState state) {
    Table table = new Table("parameter", "first-moment-norm", "second-moment-mean");
    for (Parameter parameter : network.program().parameters()) {
      table.row(
          parameter.name(),
          of(state, Slot.FIRST_MOMENT, parameter).map(Statistics::norm).orElse(null),
          of(state, Slot.SECOND_MOMENT, parameter).map(Statistics::mean).orElse(null));
    }
    return table;
  }

  private static Optional<Statistics> of(TrainState state, Slot slot, Parameter parameter) {
    return Optional.ofNullable(state.slots().get(slot))
        .map(values -> Statistics.of(values, parameter.offset(), parameter.end()));
  }

  static Table epochs(List<EpochResult> history) {
    Table table =
        new Table("epoch", "step", "train-loss", "test-loss", "live-features", "learning-rate");
    for (EpochResult epoch : history) {
      table.row(
          epoch.epoch(),
          epoch.step(),
          epoch.trainLoss(),
          epoch.testLoss(),
          epoch.liveFeatures(),
          epoch.learningRate());
    }
    return table;
  }
}
