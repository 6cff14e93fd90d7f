package belay.checkpoint;

import belay.hdf.Hdf5Reader;
import belay.hdf.Hdf5Writer;
import belay.train.EpochResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/** The results of the finished epochs: the group /metrics with one dataset for each column. */
final class EpochTable {
  private static final String EPOCH = "/metrics/epoch";
  private static final String STEP = "/metrics/step";

  private record Column(String path, String units, ToDoubleFunction<EpochResult> value) {}

  // In the order of EpochResult's fields.
  private static final List<Column> COLUMNS =
      List.of(
          new Column("/metrics/train_loss", "mean squared error", EpochResult::trainLoss),
          new Column("/metrics/test_loss", "mean squared error", EpochResult::testLoss),
          new Column("/metrics/live_features", "share", EpochResult::liveFeatures),
          new Column("/metrics/learning_rate", "1", EpochResult::learningRate),
          new Column("/metrics/seconds", "s", EpochResult::seconds),
          new Column("/metrics/images_per_second", "1/s", EpochResult::imagesPerSecond));

  private EpochTable() {}

  static Set<String> paths() {
    Set<String> paths = new TreeSet<>(Set.of(EPOCH, STEP));
    COLUMNS.forEach(column -> paths.add(column.path()));
    return paths;
  }

  static void write(Hdf5Writer writer, List<EpochResult> history) throws IOException {
    int[] epochs = history.stream().mapToInt(EpochResult::epoch).toArray();
    long[] steps = history.stream().mapToLong(EpochResult::step).toArray();
    writer.ints(EPOCH, epochs).attribute("description", "number of the epoch, from 1");
    writer.longs(STEP, steps).attribute("description", "optimiser steps at its end");
    for (Column column : COLUMNS) {
      double[] values = history.stream().mapToDouble(column.value()).toArray();
      writer.doubles(column.path(), values).attribute("units", column.units());
    }
  }

  static List<EpochResult> read(Hdf5Reader reader) {
    int[] epochs = reader.ints(EPOCH);
    long[] steps = column(STEP, epochs.length, reader).longs(STEP);
    List<double[]> columns = new ArrayList<>();
    for (Column column : COLUMNS) {
      columns.add(column(column.path(), epochs.length, reader).doubles(column.path()));
    }
    List<EpochResult> history = new ArrayList<>();
    for (int row = 0; row < epochs.length; row++) {
      history.add(
          new EpochResult(
              epochs[row],
              steps[row],
              columns.get(0)[row],
              columns.get(1)[row],
              columns.get(2)[row],
              columns.get(3)[row],
              columns.get(4)[row],
              columns.get(5)[row]));
    }
    return history;
  }

  private static Hdf5Reader column(String path, int rows, Hdf5Reader reader) {
    reader.expectShape(path, EPOCH, List.of(rows));
    return reader;
  }
}
