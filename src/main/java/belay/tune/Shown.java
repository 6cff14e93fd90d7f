package belay.tune;

import belay.view.Plot;
import belay.view.Plot.Axis;
import belay.view.Plot.Curve;
import belay.view.Table;
import belay.view.TuningStep;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Findings as there is something to show of them: curves and tables. */
public final class Shown {
  private final Finding finding;
  private final List<Trial> trials;

  private Shown(Finding finding) {
    this.finding = finding;
    this.trials = finding.trials();
  }

  /** Steps for a page or a terminal. */
  public static List<TuningStep> of(List<Finding> findings) {
    return findings.stream().map(finding -> new Shown(finding).step()).toList();
  }

  private TuningStep step() {
    return new TuningStep(
        finding.part().word(),
        finding.part().title(),
        finding.verdict(),
        finding.sentence(),
        plots(),
        table());
  }

  private List<Plot> plots() {
    return switch (finding.part()) {
      case INITIAL -> List.of();
      case OVERFIT -> byPass("pass");
      case RATE -> rate();
      case COARSE -> coarse();
      case FINE -> byPass("epoch");
    };
  }

  private boolean classifies() {
    return trials.stream()
        .flatMap(trial -> trial.points().stream())
        .anyMatch(point -> !Double.isNaN(point.accuracy()));
  }

  private List<Plot> byPass(String what) {
    List<Plot> plots = new ArrayList<>();
    String of = finding.part() == Part.FINE ? "held-out images" : "the same images";
    plots.add(
        new Plot("Loss", of + ", by " + what, Axis.LINEAR, Axis.LOGARITHMIC, curves(Point::loss)));
    if (classifies()) {
      plots.add(
          new Plot(
              "Accuracy", of + ", by " + what, Axis.LINEAR, Axis.SHARE, curves(Point::accuracy)));
    }
    return plots;
  }

  private List<Curve> curves(ToDoubleFunction<Point> value) {
    return trials.stream()
        .filter(trial -> !trial.points().isEmpty())
        .map(trial -> new Curve(label(trial), trial.column(Point::at), trial.column(value)))
        .toList();
  }

  private static String label(Trial trial) {
    String decay = trial.keys().get(Finding.DECAY);
    String rate = trial.keys().get(Finding.RATE);
    return trial.kind().equals(Grid.KIND) ? rate + ", decay " + decay : "rate " + rate;
  }

  private List<Plot> rate() {
    Trial range = trials.get(0);
    double[] rates = range.column(Point::at);
    List<Curve> curves =
        List.of(
            new Curve("mean of steps", rates, new RangeCurve(range.points()).smooth()),
            new Curve("step", rates, range.column(Point::trainLoss)));
    String rate = finding.keys().get(Finding.RATE);
    double place = rate == null ? Double.NaN : Double.parseDouble(rate);
    return List.of(
        new Plot(
            "Range test",
            "loss of a step, by its learning rate; the rate taken is marked",
            Axis.LOGARITHMIC,
            Axis.LOGARITHMIC,
            curves,
            Double.NaN,
            "",
            place),
        new Plot(
            "A hundred steps",
            "loss of a step, by its number",
            Axis.LINEAR,
            Axis.LOGARITHMIC,
            trials.stream()
                .skip(1)
                .filter(trial -> !trial.points().isEmpty())
                .map(t -> new Curve(label(t), t.column(Point::at), t.column(Point::trainLoss)))
                .toList()));
  }

  /** A curve for each decay, over rates. */
  private List<Plot> coarse() {
    List<Plot> plots = new ArrayList<>();
    plots.add(
        new Plot(
            "Loss",
            "held-out images, by learning rate",
            Axis.LOGARITHMIC,
            Axis.LOGARITHMIC,
            byRate(Point::loss)));
    if (classifies()) {
      plots.add(
          new Plot(
              "Accuracy",
              "held-out images, by learning rate",
              Axis.LOGARITHMIC,
              Axis.SHARE,
              byRate(Point::accuracy)));
    }
    return plots;
  }

  private List<Curve> byRate(ToDoubleFunction<Point> value) {
    Map<String, List<Trial>> byDecay =
        trials.stream().collect(Collectors.groupingBy(trial -> trial.keys().get(Finding.DECAY)));
    return byDecay.entrySet().stream()
        .sorted(Comparator.comparingDouble(decay -> Double.parseDouble(decay.getKey())))
        .map(decay -> byRate("decay " + decay.getKey(), new ArrayList<>(decay.getValue()), value))
        .toList();
  }

  private static Curve byRate(String label, List<Trial> some, ToDoubleFunction<Point> value) {
    some.sort(Comparator.comparingDouble(trial -> trial.number(Finding.RATE)));
    return new Curve(
        label,
        some.stream().mapToDouble(trial -> trial.number(Finding.RATE)).toArray(),
        some.stream()
            .mapToDouble(trial -> trial.best().map(value::applyAsDouble).orElse(Double.NaN))
            .toArray());
  }

  private Table table() {
    return switch (finding.part()) {
      case INITIAL -> new Table("nothing");
      case OVERFIT -> overfits();
      case RATE -> descents();
      case COARSE, FINE -> grid();
    };
  }

  private Table overfits() {
    Table table =
        new Table("learning-rate", "passes", "train-loss", "train-accuracy", "loss", "accuracy");
    for (Trial trial : trials) {
      Point last = trial.points().isEmpty() ? null : trial.last();
      table.row(
          trial.keys().get(Finding.RATE),
          trial.points().size(),
          last == null ? null : last.trainLoss(),
          last == null ? null : last.trainAccuracy(),
          last == null ? null : last.loss(),
          last == null ? null : last.accuracy());
    }
    return table;
  }

  private Table descents() {
    Table table = new Table("learning-rate", "first-loss", "last-loss");
    trials.stream()
        .skip(1)
        .forEach(
            trial ->
                table.row(
                    trial.keys().get(Finding.RATE),
                    RangeTest.firstLoss(trial),
                    RangeTest.lastLoss(trial)));
    return table;
  }

  /** The best one first, those that diverged last. */
  private Table grid() {
    Table table =
        new Table(
            "learning-rate",
            "weight-decay",
            "best-epoch",
            "train-loss",
            "loss",
            "accuracy",
            "seconds");
    trials.stream()
        .sorted(
            Comparator.comparingDouble(
                trial -> trial.best().map(Point::loss).orElse(Double.POSITIVE_INFINITY)))
        .forEach(
            trial ->
                table.row(
                    trial.keys().get(Finding.RATE),
                    trial.keys().get(Finding.DECAY),
                    trial.best().map(point -> (long) point.at()).orElse(null),
                    trial.best().map(Point::trainLoss).orElse(null),
                    trial.best().map(Point::loss).orElse(null),
                    trial.best().map(Point::accuracy).orElse(null),
                    trial.seconds()));
    return table;
  }
}
