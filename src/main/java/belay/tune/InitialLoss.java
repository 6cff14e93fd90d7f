package belay.tune;

import belay.net.Tally;
import belay.view.Figures;
import belay.view.TuningStep.Verdict;
import java.util.List;
import java.util.Map;

/**
 * The loss of the first minibatches before any step, which a network that knows nothing yet must
 * have: log C nats where it chooses among C classes, and about the variance of the images where it
 * draws them. It is measured as steps see it, since running statistics are not there yet: by steps
 * with a rate of 0, without decay, augmentation and smoothing of labels.
 */
final class InitialLoss {
  private static final int MINIBATCHES = 10;

  /** Scores that are a little apart already cost more than equal ones. */
  private static final double LEAST = 0.9;

  private static final double MOST = 1.5;

  /** Black costs the mean square, which of photographs is five times the variance. */
  private static final double MOST_VARIANCES = 10;

  private final Trials trials;
  private final Bench bench;

  InitialLoss(Trials trials) {
    this.trials = trials;
    this.bench = trials.bench();
  }

  Finding find() {
    Trial trial =
        trials.of("initial", Map.of(), Map.of(Finding.DECAY, "0", "train.l1", "0"), this::measure);
    return bench.classifies() ? ofClasses(trial) : ofImages(trial);
  }

  private Trial.Curve measure(Setup setup) {
    try (Minibatches steps = new Minibatches(bench, setup.spec().plain(), bench.train())) {
      Tally all = Tally.NONE;
      for (int i = 0; i < Math.min(MINIBATCHES, steps.perEpoch()); i++) {
        all = all.plus(steps.inOrder(i, 0));
      }
      double accuracy = bench.classifies() ? all.accuracy() : Double.NaN;
      Point point = new Point(0, all.loss(), accuracy, Double.NaN, Double.NaN);
      return new Trial.Curve(List.of(point), !Double.isFinite(all.loss()));
    }
  }

  private Finding ofClasses(Trial trial) {
    double loss = trial.last().trainLoss();
    int classes = bench.network().classes();
    double guess = Math.log(classes);
    String measured =
        "%s nats before the first step; guessing among %d classes costs log %d = %s"
            .formatted(Figures.loss(loss), classes, classes, Figures.loss(guess));
    if (!(loss <= MOST * guess)) {
      return finding(
          trial,
          Verdict.DOUBTFUL,
          measured
              + ": the scores are far apart before anything is learnt. Try another train.init, or a smaller last layer.");
    }
    if (loss < LEAST * guess) {
      return finding(
          trial,
          Verdict.DOUBTFUL,
          measured + ": the network knows something already, as one with train.start does.");
    }
    return finding(trial, Verdict.GOOD, measured + ".");
  }

  private Finding ofImages(Trial trial) {
    double loss = trial.last().trainLoss();
    double variance = PixelVariance.of(bench.train());
    String measured =
        "A mean squared error of %s before the first step; the variance of the images, which a grey of their mean costs, is %s"
            .formatted(Figures.loss(loss), Figures.loss(variance));
    return loss <= MOST_VARIANCES * variance
        ? finding(trial, Verdict.GOOD, measured + ".")
        : finding(
            trial,
            Verdict.DOUBTFUL,
            measured + ": the first drawings are far off. Try another train.init.");
  }

  private static Finding finding(Trial trial, Verdict verdict, String sentence) {
    return new Finding(Part.INITIAL, verdict, sentence, Map.of(), List.of(trial));
  }
}
