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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A checkpoint: layers, weights and moments, and how the training went. */
final class CheckpointSheet {
  private static final List<Slot> MOMENTS = List.of(Slot.FIRST_MOMENT, Slot.SECOND_MOMENT);

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

  /** Moments always, other slots where they are kept. */
  private static Table moments(Network network, TrainState state) {
    List<Slot> slots =
        Arrays.stream(Slot.values())
            .filter(slot -> MOMENTS.contains(slot) || state.slots().containsKey(slot))
            .toList();
    List<String> columns = new ArrayList<>(List.of("parameter"));
    slots.forEach(slot -> columns.add(columnOf(slot)));
    Table table = new Table(columns.toArray(String[]::new));
    for (Parameter parameter : network.program().parameters()) {
      List<Object> row = new ArrayList<>(List.of(parameter.name()));
      slots.forEach(slot -> row.add(of(state, slot, parameter)));
      table.row(row.toArray());
    }
    return table;
  }

  private static String columnOf(Slot slot) {
    String name = slot.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return name + (isVector(slot) ? "-norm" : "-mean");
  }

  /** Whether a slot is told by its length; sums and means of squares are told by their mean. */
  private static boolean isVector(Slot slot) {
    return slot == Slot.FIRST_MOMENT || slot == Slot.AVERAGE;
  }

  /** Null where it is not kept. */
  private static Double of(TrainState state, Slot slot, Parameter parameter) {
    return Optional.ofNullable(state.slots().get(slot))
        .map(values -> Statistics.of(values, parameter.offset(), parameter.end()))
        .map(of -> isVector(slot) ? of.norm() : of.mean())
        .orElse(null);
  }

  private record EpochColumn(String name, Function<EpochResult, Number> value) {
    /** Losses and accuracies of what the run does not have are left out. */
    boolean isShown(List<EpochResult> history) {
      return history.isEmpty()
          ? !name.contains("validation") && !name.contains("accuracy")
          : !Double.isNaN(value.apply(history.get(0)).doubleValue());
    }
  }

  private static final List<EpochColumn> EPOCHS =
      List.of(
          new EpochColumn("epoch", EpochResult::epoch),
          new EpochColumn("step", EpochResult::step),
          new EpochColumn("train-loss", EpochResult::trainLoss),
          new EpochColumn("test-loss", EpochResult::testLoss),
          new EpochColumn("validation-loss", EpochResult::validationLoss),
          new EpochColumn("train-accuracy", EpochResult::trainAccuracy),
          new EpochColumn("test-accuracy", EpochResult::testAccuracy),
          new EpochColumn("validation-accuracy", EpochResult::validationAccuracy),
          new EpochColumn("live-features", EpochResult::liveFeatures),
          new EpochColumn("learning-rate", EpochResult::learningRate));

  static Table epochs(List<EpochResult> history) {
    List<EpochColumn> columns = EPOCHS.stream().filter(c -> c.isShown(history)).toList();
    Table table = new Table(columns.stream().map(EpochColumn::name).toArray(String[]::new));
    history.forEach(
        epoch -> table.row(columns.stream().map(c -> c.value().apply(epoch)).toArray()));
    return table;
  }
}
