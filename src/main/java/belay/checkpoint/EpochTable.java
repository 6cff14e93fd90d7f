package belay.checkpoint;

import belay.hdf.BoundedReader;
import belay.hdf.Bounds;
import belay.hdf.Hdf5Reader;
import belay.hdf.Hdf5Writer;
import belay.net.Network;
import belay.net.Parameter;
import belay.train.EpochResult;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/** The results of the finished epochs: the group /metrics with one dataset for each column. */
final class EpochTable {
  private static final String EPOCH = "/metrics/epoch";
  private static final String STEP = "/metrics/step";
  private static final String EVALUATION_SECONDS = "/metrics/evaluation_seconds";
  private static final String ENDED = "/metrics/ended";
  private static final String UPDATE_RATIO = "/metrics/update_ratio";

  /** The year 9999: what Java's times and those of other tools can both tell. */
  private static final Bounds TIME = new Bounds(0, 253_402_300_799L);

  /** As train.epochs has it. */
  private static final Bounds EPOCHS = new Bounds(1, 1_000_000);

  /** Of an epoch that took no time by the clock. */
  private static final Bounds RATE = new Bounds(0, Double.POSITIVE_INFINITY);

  private record Column(
      String path, String units, Bounds bounds, ToDoubleFunction<EpochResult> value) {}

  // In the order of EpochResult's fields.
  private static final List<Column> COLUMNS =
      List.of(
          new Column(
              "/metrics/train_loss", "mean squared error", Bounds.FROM_0, EpochResult::trainLoss),
          new Column(
              "/metrics/test_loss", "mean squared error", Bounds.FROM_0, EpochResult::testLoss),
          new Column("/metrics/live_features", "share", Bounds.SHARE, EpochResult::liveFeatures),
          new Column("/metrics/learning_rate", "1", Bounds.FROM_0, EpochResult::learningRate),
          new Column("/metrics/seconds", "s", Bounds.FROM_0, EpochResult::seconds),
          new Column("/metrics/images_per_second", "1/s", RATE, EpochResult::imagesPerSecond));

  private EpochTable() {}

  static Set<String> paths() {
    Set<String> paths = new TreeSet<>(Set.of(EPOCH, STEP, EVALUATION_SECONDS, ENDED, UPDATE_RATIO));
    COLUMNS.forEach(column -> paths.add(column.path()));
    return paths;
  }

  static void write(Hdf5Writer writer, List<EpochResult> history, Network network)
      throws IOException {
    int[] epochs = history.stream().mapToInt(EpochResult::epoch).toArray();
    long[] steps = history.stream().mapToLong(EpochResult::step).toArray();
    writer.ints(EPOCH, epochs).attribute("description", "number of the epoch, from 1");
    writer.longs(STEP, steps).attribute("description", "optimiser steps at its end");
    for (Column column : COLUMNS) {
      double[] values = history.stream().mapToDouble(column.value()).toArray();
      writer.doubles(column.path(), values).attribute("units", column.units());
    }
    writer
        .doubles(
            EVALUATION_SECONDS,
            history.stream().mapToDouble(EpochResult::evaluationSeconds).toArray())
        .attribute("units", "s");
    writer
        .longs(ENDED, history.stream().mapToLong(EpochTable::ended).toArray())
        .attribute("units", "s since 1970-01-01 UTC");
    writeRatios(writer, history, names(network));
  }

  private static long ended(EpochResult result) {
    return result.ended() == null ? 0 : result.ended().getEpochSecond();
  }

  private static void writeRatios(Hdf5Writer writer, List<EpochResult> history, List<String> names)
      throws IOException {
    double[] ratios =
        history.stream()
            .flatMap(result -> names.stream().map(result.updateRatio()::get))
            .mapToDouble(ratio -> ratio == null ? Double.NaN : ratio)
            .toArray();
    writer
        .doubles(UPDATE_RATIO, ratios, history.size(), names.size())
        .attribute("axes", "epoch, parameter")
        .attribute("parameters", String.join(" ", names))
        .attribute("description", "length of an epoch's last update over that of the weights");
  }

  private static List<String> names(Network network) {
    return network.program().parameters().stream().map(Parameter::name).toList();
  }

  /** Files of format version 1 lack the later columns. */
  static List<EpochResult> read(Hdf5Reader reader, Network network) {
    BoundedReader bounded = new BoundedReader(reader);
    int rows = bounded.length(EPOCH);
    int[] epochs = bounded.ints(EPOCH, EPOCHS, rows);
    long[] steps = bounded.longs(STEP, Bounds.COUNT, rows);
    checkOrder(reader, epochs, steps);
    List<double[]> columns = new ArrayList<>();
    for (Column column : COLUMNS) {
      columns.add(bounded.doubles(column.path(), column.bounds(), rows));
    }
    double[] evaluationSeconds = new double[rows];
    Arrays.fill(evaluationSeconds, Double.NaN);
    long[] ended = new long[rows];
    if (reader.has(ENDED)) {
      evaluationSeconds = orNone(EVALUATION_SECONDS, reader, rows);
      ended = bounded.longs(ENDED, TIME, rows);
    }
    List<Map<String, Double>> ratios = readRatios(reader, rows, names(network));
    List<EpochResult> history = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      history.add(
          new EpochResult(
              epochs[row],
              steps[row],
              columns.get(0)[row],
              columns.get(1)[row],
              columns.get(2)[row],
              columns.get(3)[row],
              columns.get(4)[row],
              columns.get(5)[row],
              evaluationSeconds[row],
              ended[row] == 0 ? null : Instant.ofEpochSecond(ended[row]),
              ratios.get(row)));
    }
    return history;
  }

  private static List<Map<String, Double>> readRatios(
      Hdf5Reader reader, int epochs, List<String> names) {
    if (!reader.has(UPDATE_RATIO)) {
      return Collections.nCopies(epochs, Map.of());
    }
    double[] ratios = orNone(UPDATE_RATIO, reader, epochs, names.size());
    List<Map<String, Double>> rows = new ArrayList<>();
    for (int row = 0; row < epochs; row++) {
      Map<String, Double> ratio = new LinkedHashMap<>();
      for (int k = 0; k < names.size(); k++) {
        ratio.put(names.get(k), ratios[row * names.size() + k]);
      }
      boolean isKnown = ratio.values().stream().anyMatch(value -> !value.isNaN());
      rows.add(isKnown ? ratio : Map.of());
    }
    return rows;
  }

  /** Epochs are 1, 2, 3 .., and each takes a step or more. */
  private static void checkOrder(Hdf5Reader reader, int[] epochs, long[] steps) {
    for (int row = 0; row < epochs.length; row++) {
      if (epochs[row] != row + 1) {
        throw reader.problem(
            "%s[%d] is %d, expected %d".formatted(EPOCH, row, epochs[row], row + 1));
      }
      long before = row == 0 ? 0 : steps[row - 1];
      if (steps[row] <= before) {
        throw reader.problem(
            "%s[%d] is %d, expected more than %d".formatted(STEP, row, steps[row], before));
      }
    }
  }

  /** Numbers from 0; NaN where one is not known. */
  private static double[] orNone(String path, Hdf5Reader reader, Integer... shape) {
    reader.expectShape(path, EPOCH, List.of(shape));
    double[] values = reader.doubles(path);
    if (Arrays.stream(values).anyMatch(value -> value < 0)) {
      throw reader.problem(path + " has a number below 0");
    }
    return values;
  }
}
