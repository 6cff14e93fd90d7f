package belay.review;

import belay.view.Epochs;
import belay.view.Measure;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Lines of metrics.jsonl turned into columns. */
final class EpochColumns {
  private EpochColumns() {}

  static Epochs of(RunRecord run, Map<String, String> configuration) {
    List<EpochLine> lines = run.epochs();
    Map<Measure, double[]> columns = new EnumMap<>(Measure.class);
    columns.put(Measure.TRAIN_LOSS, column(lines, EpochLine::trainLoss));
    columns.put(Measure.TEST_LOSS, column(lines, EpochLine::testLoss));
    columns.put(Measure.VALIDATION_LOSS, column(lines, EpochLine::validationLoss));
    columns.put(Measure.TRAIN_ACCURACY, column(lines, EpochLine::trainAccuracy));
    columns.put(Measure.TEST_ACCURACY, column(lines, EpochLine::testAccuracy));
    columns.put(Measure.VALIDATION_ACCURACY, column(lines, EpochLine::validationAccuracy));
    columns.put(Measure.LIVE_FEATURES, column(lines, EpochLine::liveFeatures));
    columns.put(Measure.LEARNING_RATE, column(lines, EpochLine::learningRate));
    columns.put(Measure.IMAGES_PER_SECOND, column(lines, EpochLine::imagesPerSecond));
    columns.put(Measure.SECONDS, column(lines, EpochLine::seconds));
    columns.put(Measure.EVALUATION_SECONDS, column(lines, EpochLine::evaluationSeconds));
    double target =
        Numbers.parse(configuration.getOrDefault("train.target-loss", ""))
            .filter(loss -> loss > 0)
            .orElse(Double.NaN);
    int[] numbers = lines.stream().mapToInt(EpochLine::epoch).toArray();
    return new Epochs(numbers, columns, ratios(lines), target);
  }

  static Epochs none() {
    Map<Measure, double[]> columns = new EnumMap<>(Measure.class);
    for (Measure measure : Measure.values()) {
      columns.put(measure, new double[0]);
    }
    return new Epochs(new int[0], columns, Map.of(), Double.NaN);
  }

  private static double[] column(List<EpochLine> lines, Function<EpochLine, Double> part) {
    return lines.stream().mapToDouble(line -> EpochLine.orNone(part.apply(line))).toArray();
  }

  private static Map<String, double[]> ratios(List<EpochLine> lines) {
    Set<String> parameters = new LinkedHashSet<>();
    lines.stream()
        .filter(line -> line.updateRatio() != null)
        .forEach(line -> parameters.addAll(line.updateRatio().keySet()));
    Map<String, double[]> ratios = new LinkedHashMap<>();
    for (String parameter : parameters) {
      ratios.put(
          parameter,
          column(
              lines,
              line -> line.updateRatio() == null ? null : line.updateRatio().get(parameter)));
    }
    return ratios;
  }
}
