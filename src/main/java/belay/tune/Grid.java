package belay.tune;

import belay.view.Figures;
import belay.view.TuningStep.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * Short trainings at all pairs of some learning rates and weight decays. The rate stands still
 * after the warm-up, which takes a tenth of the steps at most; the lowest loss of the held-out
 * images wins.
 */
final class Grid {
  static final String KIND = "grid";

  /** Half and a quarter of a power of ten. */
  private static final double COARSE = Math.sqrt(10);

  private static final double FINE = Math.sqrt(COARSE);
  private static final double MOST_RATE = 100;
  private static final double MOST_DECAY = 1;
  private static final int WARM_UP_SHARE = 10;

  private static final int FEW_STEPS = 100;

  /** So often a coarse grid grows where its best rate is at its edge. */
  private static final int MOST_GROWTH = 3;

  private final Trials trials;
  private final Part part;
  private final int epochs;
  private final List<String> decays;
  private final List<String> rates = new ArrayList<>(); // ascending
  private final List<Trial> made = new ArrayList<>();

  private Grid(Trials trials, Part part, int epochs, DoubleStream decays) {
    this.trials = trials;
    this.part = part;
    this.epochs = epochs;
    this.decays = texts(decays, MOST_DECAY);
  }

  private static List<String> texts(DoubleStream values, double most) {
    return values.mapToObj(v -> Rates.text(Rates.round(v, most))).distinct().toList();
  }

  /**
   * Four rates around one, three of them below or at it, since a rate that lowers the loss at first
   * is often too high later, and more where the best one is the lowest or the highest; with the
   * run's decay, and without or with a usual one.
   *
   * @param usual decay to try where the run has none
   */
  static Finding coarse(Trials trials, int epochs, double rate, double decay, double usual) {
    Grid grid =
        new Grid(trials, Part.COARSE, epochs, DoubleStream.of(0, decay == 0 ? usual : decay));
    grid.make(
        texts(
            DoubleStream.of(rate / COARSE / COARSE, rate / COARSE, rate, rate * COARSE),
            MOST_RATE));
    for (int i = 0; i < MOST_GROWTH && grid.best().isPresent(); i++) {
      grid.grow(grid.best().get().number(Finding.RATE));
    }
    return grid.finding();
  }

  /** Nearer around the best: three rates, and three decays, or two where the best has none. */
  static Finding fine(Trials trials, int epochs, double rate, double decay, double usual) {
    DoubleStream decays =
        decay == 0
            ? DoubleStream.of(0, usual / COARSE)
            : DoubleStream.of(decay / COARSE, decay, decay * COARSE);
    Grid grid = new Grid(trials, Part.FINE, epochs, decays);
    grid.make(texts(DoubleStream.of(rate / FINE, rate, rate * FINE), MOST_RATE));
    return grid.finding();
  }

  private void make(List<String> more) {
    for (String decay : decays) {
      for (String rate : more) {
        made.add(
            trials.of(
                KIND, Map.of(), keys(rate, decay), setup -> GridTrial.of(trials.bench(), setup)));
      }
    }
    rates.addAll(more);
    rates.sort(Comparator.comparingDouble(Double::parseDouble));
  }

  /** By a rate beyond the best, if that is at the edge. */
  private void grow(double best) {
    double next = isLowest(best) ? best / COARSE : best * COARSE;
    String rate = Rates.text(Rates.round(next, MOST_RATE));
    if ((isLowest(best) || isHighest(best)) && !rates.contains(rate)) {
      make(List.of(rate));
    }
  }

  private boolean isLowest(double rate) {
    return rate == Double.parseDouble(rates.get(0));
  }

  private boolean isHighest(double rate) {
    return rate == Double.parseDouble(rates.get(rates.size() - 1));
  }

  private Optional<Trial> best() {
    return made.stream()
        .filter(trial -> trial.best().isPresent())
        .min(Comparator.comparingDouble(trial -> trial.best().get().loss()));
  }

  private Finding finding() {
    return best()
        .map(this::finding)
        .orElseGet(
            () ->
                new Finding(
                    part,
                    Verdict.BAD,
                    "All %d trials diverged: set train.clip-norm, or begin with a lower rate."
                        .formatted(made.size()),
                    Map.of(),
                    made));
  }

  private Map<String, String> keys(String rate, String decay) {
    Bench bench = trials.bench();
    long most = bench.stepsPerEpoch() * epochs / WARM_UP_SHARE;
    long warmUp = Math.min(bench.setup().warmUpSteps(), most);
    return Map.of(
        Finding.RATE,
        rate,
        Finding.DECAY,
        decay,
        "train.epochs",
        Integer.toString(epochs),
        "train.warmup-steps",
        Long.toString(warmUp));
  }

  private Finding finding(Trial best) {
    Point point = best.best().orElseThrow();
    String rate = best.keys().get(Finding.RATE);
    String decay = best.keys().get(Finding.DECAY);
    boolean hasClasses = !Double.isNaN(point.accuracy());
    String quality =
        Figures.loss(point.loss())
            + (hasClasses ? " and %s right".formatted(Figures.percent(point.accuracy())) : "");
    String what =
        "A rate of %s and a decay of %s do best: a held-out loss of %s after epoch %.0f of %d."
            .formatted(rate, decay, quality, point.at(), epochs);
    return new Finding(
        part,
        steps() < FEW_STEPS ? Verdict.DOUBTFUL : Verdict.GOOD,
        what + edge(best.number(Finding.RATE)) + diverged() + fewSteps(),
        Map.of(Finding.RATE, rate, Finding.DECAY, decay),
        made);
  }

  private String edge(double rate) {
    if (!isLowest(rate) && !isHighest(rate)) {
      return "";
    }
    return " It is the %s rate of the grid: one beyond may do better still."
        .formatted(isLowest(rate) ? "lowest" : "highest");
  }

  private long steps() {
    return trials.bench().stepsPerEpoch() * epochs;
  }

  /** In which high rates have no time to be better, and running statistics none to follow. */
  private String fewSteps() {
    if (steps() >= FEW_STEPS) {
      return "";
    }
    long perEpoch = trials.bench().stepsPerEpoch();
    return " Trials of %d steps favour low rates: set tune.%s-epochs to %d or more."
        .formatted(steps(), part.word(), (FEW_STEPS + perEpoch - 1) / perEpoch);
  }

  private String diverged() {
    long count = made.stream().filter(Trial::diverged).count();
    return count == 0 ? "" : " " + Figures.plural(count, "trial") + " diverged.";
  }
}
