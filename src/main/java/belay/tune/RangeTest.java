package belay.tune;

import belay.net.Tally;
import belay.view.Figures;
import belay.view.TuningStep.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A learning rate for these images: a range test from the first weights, which it does not touch,
 * and the proof that a hundred steps at the rate lower the loss.
 */
final class RangeTest {
  static final String RANGE = "range";
  static final String DESCENT = "descent";

  private static final double LOW = 1e-6;
  private static final double HIGH = 10;

  /** Times the lowest mean loss so far: the rest of the curve tells nothing. */
  private static final double RUN_AWAY = 4;

  private static final double NEW = 0.1; // share of a step in the mean that tells of running away
  private static final int STEPS = 100;
  private static final int COMPARED = 20; // steps at the end, and half as many at the beginning
  private static final int TRIES = 3;
  private static final double LOWER = Math.sqrt(0.1);

  private final Trials trials;
  private final Bench bench;
  private final int rangeSteps;

  RangeTest(Trials trials, int rangeSteps) {
    this.trials = trials;
    this.bench = trials.bench();
    this.rangeSteps = rangeSteps;
  }

  Finding find() {
    Map<String, String> amounts = Map.of("steps", Integer.toString(rangeSteps));
    List<Trial> made = new ArrayList<>();
    made.add(trials.of(RANGE, amounts, Map.of(), this::range));
    RangeCurve curve = new RangeCurve(made.get(0).points());
    double rate = curve.falls() ? curve.suggestion() : bench.setup().rate();
    for (int i = 0; i < TRIES; i++) {
      String key = Rates.text(rate * Math.pow(LOWER, i));
      Trial descent = trials.of(DESCENT, Map.of(), Map.of(Finding.RATE, key), this::descent);
      made.add(descent);
      if (lowers(descent)) {
        return finding(curve, made, key);
      }
    }
    return new Finding(
        Part.RATE,
        Verdict.BAD,
        why(curve, Rates.text(rate))
            + ", but %d steps do not lower the loss there, nor at a third and a tenth of it. Look at the two steps before this one: network, labels or first weights are not right yet."
                .formatted(STEPS),
        Map.of(),
        made);
  }

  private Trial.Curve range(Setup setup) {
    List<Point> points = new ArrayList<>();
    try (Minibatches steps = new Minibatches(bench, setup.spec(), bench.train())) {
      double mean = Double.NaN;
      double least = Double.POSITIVE_INFINITY;
      for (int i = 0; i < rangeSteps; i++) {
        double rate = LOW * Math.pow(HIGH / LOW, (double) i / (rangeSteps - 1));
        Tally tally = steps.inOrder(i, rate);
        mean = i == 0 ? tally.loss() : mean + NEW * (tally.loss() - mean);
        least = Math.min(least, mean);
        if (!(mean <= RUN_AWAY * least)) {
          break;
        }
        points.add(point(rate, tally));
      }
    }
    return new Trial.Curve(points, false);
  }

  private Trial.Curve descent(Setup setup) {
    List<Point> points = new ArrayList<>();
    try (Minibatches steps = new Minibatches(bench, setup.spec(), bench.train())) {
      for (int i = 0; i < STEPS; i++) {
        double rate = setup.rate() * Math.min(1, (i + 1.0) / (COMPARED / 2.0));
        Tally tally = steps.inOrder(i, rate);
        if (!Double.isFinite(tally.loss())) {
          return new Trial.Curve(points, true);
        }
        points.add(point(i + 1.0, tally));
      }
    }
    return new Trial.Curve(points, false);
  }

  private Point point(double at, Tally tally) {
    double accuracy = bench.classifies() ? tally.accuracy() : Double.NaN;
    return new Point(at, tally.loss(), accuracy, Double.NaN, Double.NaN);
  }

  private static boolean lowers(Trial descent) {
    return !descent.diverged() && lastLoss(descent) < firstLoss(descent);
  }

  static double firstLoss(Trial descent) {
    return Arrays.stream(descent.column(Point::trainLoss))
        .limit(COMPARED / 2)
        .average()
        .orElse(Double.NaN);
  }

  static double lastLoss(Trial descent) {
    return Arrays.stream(descent.column(Point::trainLoss))
        .skip(STEPS - COMPARED)
        .average()
        .orElse(Double.NaN);
  }

  private Finding finding(RangeCurve curve, List<Trial> made, String key) {
    Trial descent = made.get(made.size() - 1);
    boolean isFirst = made.size() == 2;
    String proof =
        "%s; there %d steps lower the loss from %s to %s."
            .formatted(
                isFirst ? "" : ", but the loss does not fall there; it does at " + key,
                STEPS,
                Figures.loss(firstLoss(descent)),
                Figures.loss(lastLoss(descent)));
    return new Finding(
        Part.RATE,
        curve.falls() && isFirst ? Verdict.GOOD : Verdict.DOUBTFUL,
        why(curve, made.get(1).keys().get(Finding.RATE)) + proof,
        Map.of(Finding.RATE, key),
        made);
  }

  private static String why(RangeCurve curve, String rate) {
    if (!curve.falls()) {
      return "No rate of the range test lowers the loss by 2 %%; the run's own is %s"
          .formatted(rate);
    }
    return curve.runsAway()
        ? "A rate of %s: a tenth of that from which the loss of the range test has given back a third of its fall"
            .formatted(rate)
        : "A rate of %s: a tenth of that at which the loss of the range test is lowest"
            .formatted(rate);
  }
}
