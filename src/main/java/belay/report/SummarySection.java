package belay.report;

import belay.view.ConfusionMatrix;
import belay.view.Epochs;
import belay.view.Figures;
import belay.view.GpuTime;
import belay.view.Measure;
import belay.view.Outcome;
import belay.view.RunView;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The figures that matter: large for one run, a table that compares several. */
final class SummarySection implements Section {
  private static final int MOST_KEYS = 8;

  private final List<RunView> runs;

  SummarySection(List<RunView> runs) {
    this.runs = runs;
  }

  @Override
  public String id() {
    return "summary";
  }

  @Override
  public String title() {
    return runs.size() == 1 ? "At a glance" : "Runs";
  }

  @Override
  public boolean isEmpty() {
    return false;
  }

  @Override
  public void write(Html page) {
    if (runs.size() == 1) {
      figures(page, runs.get(0));
    } else {
      table(page);
    }
    for (RunView run : runs) {
      notes(page, run);
    }
  }

  private static void figures(Html page, RunView run) {
    Epochs epochs = run.epochs();
    page.open("dl", "class", "figures");
    quality(page, run);
    figure(
        page,
        "Live features",
        Figures.percent(epochs.last(Measure.LIVE_FEATURES)),
        "of the latent features, after the last epoch");
    figure(page, "Training", Figures.seconds(epochs.total(Measure.SECONDS)), pace(epochs));
    figure(page, "Attempts", Figures.count(run.attempts().size()), interruptions(run));
    if (!run.gpu().held().isZero()) {
      GpuTime gpu = run.gpu();
      figure(
          page,
          "GPU hours",
          GpuTime.text(gpu.held()),
          GpuTime.text(gpu.lost()) + " lost, " + GpuTime.text(gpu.idle()) + " idle");
    }
    if (Double.isFinite(epochs.secondsToTarget())) {
      figure(
          page,
          "Time to target",
          Figures.seconds(epochs.secondsToTarget()),
          "to a loss of " + Figures.tick(epochs.targetLoss()));
    }
    page.close();
  }

  private static void quality(Html page, RunView run) {
    Epochs epochs = run.epochs();
    String judge = epochs.judgingLoss() == Measure.VALIDATION_LOSS ? "Validation" : "Test";
    figure(page, judge + " loss", Figures.loss(epochs.best(epochs.judgingLoss())), best(epochs));
    if (epochs.isKnown(epochs.judgingAccuracy())) {
      String share = Figures.percent(epochs.best(epochs.judgingAccuracy()));
      figure(page, judge + " accuracy", share, "of the network, after the same epoch");
    }
    if (run.judgement().isPresent()) {
      ConfusionMatrix confusion = run.judgement().get().confusion();
      String of = Figures.count(confusion.correct()) + " of " + Figures.count(confusion.samples());
      String remark = run.judgement().get().remark();
      String whose = epochs.isKnown(Measure.TRAIN_ACCURACY) ? "SVM accuracy" : "Test accuracy";
      figure(page, whose, Figures.percent(run.accuracy()), of + " images" + remark);
    }
  }

  private static void figure(Html page, String name, String value, String detail) {
    page.open("div")
        .element("dt", name)
        .element("dd", value, "class", "value")
        .element("dd", detail, "class", "detail")
        .close();
  }

  private static String best(Epochs epochs) {
    return epochs.best() < 0
        ? "no epoch is finished"
        : (mayChoose(epochs) ? "best, after epoch " : "after epoch ")
            + epochs.numbers()[epochs.best()]
            + (epochs.isKnown(Measure.TRAIN_ACCURACY) ? "; cross-entropy" : "; mean squared error");
  }

  private static boolean mayChoose(Epochs epochs) {
    return epochs.isKnown(Measure.VALIDATION_LOSS) || !epochs.isKnown(Measure.TEST_ACCURACY);
  }

  private static String pace(Epochs epochs) {
    return Figures.plural(epochs.count(), "epoch")
        + ", "
        + Figures.rate(epochs.last(Measure.IMAGES_PER_SECOND))
        + " images/s in the last";
  }

  private static String interruptions(RunView run) {
    long count = run.attempts().stream().filter(work -> work.outcome().isInterruption()).count();
    return count == 0 ? "never interrupted" : "interrupted " + times(count);
  }

  private static String times(long count) {
    return count == 1 ? "once" : count == 2 ? "twice" : Figures.count(count) + " times";
  }

  private void table(Html page) {
    List<String> keys = differing();
    page.open("div", "class", "scroll", "tabindex", "0");
    page.open("table", "class", "runs").open("thead").open("tr");
    for (String head :
        List.of(
            "run", "state", "epochs", "test loss", "accuracy", "live", "images/s", "attempts")) {
      page.element("th", head, "scope", "col");
    }
    keys.forEach(key -> keyName(page, key));
    page.close(2).open("tbody");
    IntStream.range(0, runs.size()).forEach(run -> row(page, run, keys));
    page.close(3);
    if (differing().size() == MOST_KEYS) {
      page.element("p", "The first keys that differ; the rest stands under Provenance.");
    }
  }

  /** Long names may break after a dot or hyphen, and only there. */
  private static void keyName(Html page, String key) {
    page.open("th", "scope", "col", "class", "key-name");
    for (String part : key.split("(?<=[.-])")) {
      page.text(part).single("wbr");
    }
    page.close();
  }

  private void row(Html page, int number, List<String> keys) {
    RunView run = runs.get(number);
    page.open("tr", "data-run", number).open("th", "scope", "row");
    page.element("i", "", "class", "key " + Line.look(number)).text(run.name()).close();
    page.open("td");
    badge(page, run.standing().outcome());
    page.close();
    page.element("td", run.standing().epoch() + " of " + run.standing().epochs());
    page.element("td", Figures.loss(loss(run)), mark(isBestLoss(run)));
    page.open("td", mark(isBestAccuracy(run))).text(Figures.percent(run.accuracy()));
    run.judgement()
        .filter(judgement -> !judgement.origin().isEmpty())
        .ifPresent(judgement -> page.single("br").element("small", judgement.origin()));
    page.close();
    page.element("td", Figures.percent(run.epochs().last(Measure.LIVE_FEATURES)));
    page.element("td", Figures.rate(run.epochs().last(Measure.IMAGES_PER_SECOND)));
    page.element("td", run.attempts().size());
    keys.forEach(key -> page.element("td", run.configuration().getOrDefault(key, Figures.NONE)));
    page.close();
  }

  private static Object[] mark(boolean isBest) {
    return new Object[] {"class", isBest ? "best" : null};
  }

  private static double loss(RunView run) {
    return run.epochs().best(run.epochs().judgingLoss());
  }

  private boolean isBestLoss(RunView run) {
    double loss = loss(run);
    return runs.stream().noneMatch(other -> loss(other) < loss) && Double.isFinite(loss);
  }

  private boolean isBestAccuracy(RunView run) {
    return runs.stream().noneMatch(other -> other.accuracy() > run.accuracy())
        && Double.isFinite(run.accuracy());
  }

  static void badge(Html page, Outcome outcome) {
    page.element("span", outcome, "class", "badge " + outcome.style());
  }

  /** Keys that say different things in these runs, of those that decide a result. */
  private List<String> differing() {
    TreeSet<String> keys = new TreeSet<>();
    runs.forEach(run -> keys.addAll(run.configuration().keySet()));
    List<String> differing = new ArrayList<>();
    for (String key : keys) {
      long values =
          runs.stream().map(r -> r.configuration().getOrDefault(key, "")).distinct().count();
      if (values > 1 && decides(key) && differing.size() < MOST_KEYS) {
        differing.add(key);
      }
    }
    return differing;
  }

  private static boolean decides(String key) {
    return key.matches("(train|extract|svm)\\..*|backend");
  }

  private void notes(Html page, RunView run) {
    if (!run.notes().isEmpty()) {
      page.open("ul", "class", "notes");
      String whose = runs.size() == 1 ? "" : run.name() + ": ";
      run.notes().forEach(note -> page.element("li", whose + note));
      page.close();
    }
  }
}
