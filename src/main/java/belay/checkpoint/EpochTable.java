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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

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
      String name, String units, Bounds bounds, ToDoubleFunction<EpochResult> value) {
    String path() {
      return "/metrics/" + name;
    }
  }

  private static final Column TRAIN_LOSS =
      new Column("train_loss", "mean over images", Bounds.FROM_0, EpochResult::trainLoss);
  private static final Column LIVE_FEATURES =
      new Column("live_features", "share", Bounds.SHARE, EpochResult::liveFeatures);
  private static final Column LEARNING_RATE =
      new Column("learning_rate", "1", Bounds.FROM_0, EpochResult::learningRate);
  private static final Column SECONDS =
      new Column("seconds", "s", Bounds.FROM_0, EpochResult::seconds);
  private static final Column IMAGES_PER_SECOND =
      new Column("images_per_second", "1/s", RATE, EpochResult::imagesPerSecond);
  private static final List<Column> COLUMNS =
      List.of(TRAIN_LOSS, LIVE_FEATURES, LEARNING_RATE, SECONDS, IMAGES_PER_SECOND);

  // Of these a table has those of the images that epochs are judged by, and of classes.
  private static final Column TEST_LOSS =
      new Column("test_loss", "mean over images", Bounds.FROM_0, EpochResult::testLoss);
  private static final Column VALIDATION_LOSS =
      new Column("validation_loss", "mean over images", Bounds.FROM_0, EpochResult::validationLoss);
  private static final Column TRAIN_ACCURACY =
      new Column("train_accuracy", "share", Bounds.SHARE, EpochResult::trainAccuracy);
  private static final Column TEST_ACCURACY =
      new Column("test_accuracy", "share", Bounds.SHARE, EpochResult::testAccuracy);
  private static final Column VALIDATION_ACCURACY =
      new Column("validation_accuracy", "share", Bounds.SHARE, EpochResult::validationAccuracy);
  private static final List<Column> CHOICES =
      List.of(TEST_LOSS, VALIDATION_LOSS, TRAIN_ACCURACY, TEST_ACCURACY, VALIDATION_ACCURACY);

  private EpochTable() {}

  static Set<String> paths() {
    Set<String> paths = new TreeSet<>(Set.of(EPOCH, STEP, EVALUATION_SECONDS, ENDED, UPDATE_RATIO));
    COLUMNS.forEach(column -> paths.add(column.path()));
    CHOICES.forEach(column -> paths.add(column.path()));
    return paths;
  }

  static void write(Hdf5Writer writer, List<EpochResult> history, Network network)
      throws IOException {
    int[] epochs = history.stream().mapToInt(EpochResult::epoch).toArray();
    long[] steps = history.stream().mapToLong(EpochResult::step).toArray();
    writer.ints(EPOCH, epochs).attribute("description", "number of the epoch, from 1");
    writer.longs(STEP, steps).attribute("description", "optimiser steps at its end");
    for (Column column : COLUMNS) {
      write(writer, history, column);
    }
    for (Column column : CHOICES) {
      if (history.isEmpty() ? column == TEST_LOSS : isKnown(history, column)) {
        write(writer, history, column);
      }
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

  private static void write(Hdf5Writer writer, List<EpochResult> history, Column column)
      throws IOException {
    double[] values = history.stream().mapToDouble(column.value()).toArray();
    writer.doubles(column.path(), values).attribute("units", column.units());
  }

  private static boolean isKnown(List<EpochResult> history, Column column) {
    return history.stream().mapToDouble(column.value()).noneMatch(Double::isNaN);
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
    Map<Column, double[]> columns = new HashMap<>();
    COLUMNS.forEach(c -> columns.put(c, bounded.doubles(c.path(), c.bounds(), rows)));
    CHOICES.forEach(c -> columns.put(c, choice(reader, c, rows)));
    if (!reader.has(TEST_LOSS.path()) && !reader.has(VALIDATION_LOSS.path())) {
      throw reader.problem("has neither " + TEST_LOSS.path() + " nor " + VALIDATION_LOSS.path());
    }
    boolean isLater = reader.has(ENDED);
    double[] evaluations = isLater ? orNone(EVALUATION_SECONDS, reader, rows) : unknown(rows);
    long[] ended = isLater ? bounded.longs(ENDED, TIME, rows) : new long[rows];
    List<Map<String, Double>> ratios = readRatios(reader, rows, names(network));
    return IntStream.range(0, rows)
        .mapToObj(
            row ->
                new EpochResult(
                    epochs[row],
                    steps[row],
                    columns.get(TRAIN_LOSS)[row],
                    columns.get(TEST_LOSS)[row],
                    columns.get(VALIDATION_LOSS)[row],
                    columns.get(TRAIN_ACCURACY)[row],
                    columns.get(TEST_ACCURACY)[row],
                    columns.get(VALIDATION_ACCURACY)[row],
                    columns.get(LIVE_FEATURES)[row],
                    columns.get(LEARNING_RATE)[row],
                    columns.get(SECONDS)[row],
                    columns.get(IMAGES_PER_SECOND)[row],
                    evaluations[row],
                    ended[row] == 0 ? null : Instant.ofEpochSecond(ended[row]),
                    ratios.get(row)))
        .toList();
  }

  private static double[] choice(Hdf5Reader reader, Column column, int rows) {
    return reader.has(column.path())
        ? new BoundedReader(reader).doubles(column.path(), column.bounds(), rows)
        : unknown(rows);
  }

  private static double[] unknown(int rows) {
    double[] values = new double[rows];
    Arrays.fill(values, Double.NaN);
    return values;
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
