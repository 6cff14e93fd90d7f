package belay.tune;

import belay.data.ImageSet;
import belay.data.RowOrder;
import belay.net.Tally;
import belay.view.Figures;
import belay.view.TuningStep.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Whether the network can learn a few minibatches by heart, the same ones in every pass, without
 * decay, augmentation and smoothing: one that cannot has a flaw that no rate mends. A
 * reconstruction is learnt once a tenth of the images' variance is left.
 */
final class ByHeart {
  /** Of the run's own rate, in the order in which they are tried. */
  private static final double[] FACTORS = {1, 0.1, 10};

  private static final int WARM_UP = 10;
  private static final double MOST_RATE = 100;
  private static final double LEFT = 0.1;

  private final Trials trials;
  private final Bench bench;
  private final int batches;
  private final int passes;
  private final double variance;

  ByHeart(Trials trials, int batches, int passes) {
    this.trials = trials;
    this.bench = trials.bench();
    this.batches = batches;
    this.passes = passes;
    this.variance = PixelVariance.of(bench.train());
  }

  Finding find() {
    List<Trial> made = new ArrayList<>();
    for (double factor : FACTORS) {
      made.add(trial(Rates.text(Rates.round(factor * bench.setup().rate(), MOST_RATE))));
      Trial last = made.get(made.size() - 1);
      if (!last.diverged() && isLearnt(last.last())) {
        return finding(Verdict.GOOD, sentence(last) + ".", made);
      }
    }
    return finding(
        Verdict.DOUBTFUL,
        sentence(made.get(0))
            + ", nor at another of %d rates: it may be too small, its labels wrong, or %d passes too few. Larger data will not mend that."
                .formatted(FACTORS.length, passes),
        made);
  }

  private Trial trial(String rate) {
    Map<String, String> amounts =
        Map.of("batches", Integer.toString(batches), "passes", Integer.toString(passes));
    Map<String, String> keys =
        Map.of(Finding.RATE, rate, Finding.DECAY, "0", "train.l1", "0", "train.epochs", "1");
    return trials.of("overfit", amounts, keys, this::measure);
  }

  private Trial.Curve measure(Setup setup) {
    List<Point> points = new ArrayList<>();
    try (Minibatches steps = new Minibatches(bench, setup.spec().plain(), few(setup))) {
      while (points.size() < passes
          && (points.isEmpty() || !isLearnt(points.get(points.size() - 1)))) {
        Tally trained = pass(steps, setup.rate(), points.size());
        Tally judged = steps.evaluate();
        if (!Double.isFinite(trained.loss()) || !Double.isFinite(judged.loss())) {
          return new Trial.Curve(points, true);
        }
        points.add(
            new Point(
                points.size() + 1.0,
                trained.loss(),
                accuracy(trained),
                judged.loss(),
                accuracy(judged)));
      }
    }
    return new Trial.Curve(points, false);
  }

  /** The first minibatches of the training. */
  private ImageSet few(Setup setup) {
    int count = (int) Math.min(bench.train().count(), (long) batches * setup.batch());
    int[] rows = new RowOrder(setup.settings().seed(), bench.train().count()).permutation(1);
    return bench.train().select(Arrays.copyOf(rows, count));
  }

  private static Tally pass(Minibatches steps, double rate, int before) {
    Tally all = Tally.NONE;
    for (int i = 0; i < steps.perEpoch(); i++) {
      int step = before * steps.perEpoch() + i + 1;
      all = all.plus(steps.fixed(i, rate * Math.min(1, (double) step / WARM_UP)));
    }
    return all;
  }

  private double accuracy(Tally tally) {
    return bench.classifies() ? tally.accuracy() : Double.NaN;
  }

  /** By steps or by evaluation: dropout hinders the ones, running statistics lag in the other. */
  private boolean isLearnt(Point point) {
    return bench.classifies()
        ? Math.max(point.trainAccuracy(), point.accuracy()) == 1
        : point.loss() <= LEFT * variance;
  }

  private String sentence(Trial trial) {
    String where = "%d minibatches, the same in every pass,".formatted(batches);
    String rate = " at a rate of " + trial.keys().get(Finding.RATE);
    if (trial.diverged()) {
      return "The network does not learn %s by heart: its numbers run away%s"
          .formatted(where, rate);
    }
    Point end = trial.last();
    String reached =
        bench.classifies()
            ? Figures.percent(Math.max(end.trainAccuracy(), end.accuracy())) + " of their images"
            : "a mean squared error of " + Figures.loss(end.loss());
    String after = " after %.0f %s".formatted(end.at(), end.at() == 1 ? "pass" : "passes");
    return isLearnt(end)
        ? "The network learns %s by heart: %s%s%s".formatted(where, reached, after, rate)
        : "The network does not learn %s by heart: %s%s%s".formatted(where, reached, after, rate);
  }

  private static Finding finding(Verdict verdict, String sentence, List<Trial> trials) {
    return new Finding(Part.OVERFIT, verdict, sentence, Map.of(), trials);
  }
}
