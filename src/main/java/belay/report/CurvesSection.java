package belay.report;

import belay.view.Figures;
import belay.view.Measure;
import belay.view.RunView;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.IntConsumer;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** What the epochs measured, with all runs laid over one another, and the numbers behind it. */
final class CurvesSection implements Section {
  private static final double FAR_APART = 5;

  private final List<RunView> runs;

  CurvesSection(List<RunView> runs) {
    this.runs = runs;
  }

  @Override
  public String id() {
    return "curves";
  }

  @Override
  public String title() {
    return "Curves";
  }

  @Override
  public boolean isEmpty() {
    return runs.stream().allMatch(run -> run.epochs().count() == 0);
  }

  @Override
  public void write(Html page) {
    legend(page);
    page.open("div", "class", "charts");
    loss().write(page, "wide");
    if (runs.stream().anyMatch(CurvesSection::classifies)) {
      accuracy().write(page, "");
    }
    chart(
            "Live features",
            "used by any image that the epoch is judged by",
            Measure.LIVE_FEATURES,
            Scale.of(0, 1),
            v -> Math.round(100 * v) + " %")
        .write(page, "");
    rates().write(page, "");
    chart("Throughput", "training images a second", Measure.IMAGES_PER_SECOND, CurvesSection::rate)
        .write(page, "");
    for (int run = 0; run < runs.size(); run++) {
      if (!runs.get(run).epochs().updateRatios().isEmpty()) {
        updates(run).write(page, "");
      }
    }
    page.close();
    tables(page);
  }

  /** Buttons that hide and show a run in every chart. */
  private void legend(Html page) {
    if (runs.size() < 2) {
      return;
    }
    page.open("div", "class", "legend", "role", "group", "aria-label", "Runs shown in the charts");
    for (int run = 0; run < runs.size(); run++) {
      page.open("button", "type", "button", "aria-pressed", "true", "data-run", run)
          .element("i", "", "class", "key " + Line.look(run))
          .text(runs.get(run).name())
          .close();
    }
    page.close();
  }

  private LineChart loss() {
    DoubleStream all =
        runs.stream()
            .flatMapToDouble(
                run ->
                    DoubleStream.concat(
                        Arrays.stream(run.epochs().column(Measure.TRAIN_LOSS)),
                        Arrays.stream(run.epochs().column(run.epochs().judgingLoss()))));
    LineChart chart =
        new LineChart(
            "Loss",
            runs.stream().allMatch(CurvesSection::classifies)
                ? "mean over images, nats, logarithmic"
                : "mean squared error per value, logarithmic",
            Scale.logarithmic(all),
            Figures::tick);
    each(
        run -> {
          chart.add(line(run, Measure.TRAIN_LOSS, Line.look(run) + " thin"));
          chart.add(line(run, runs.get(run).epochs().judgingLoss(), Line.look(run)));
        });
    double target = runs.get(0).epochs().targetLoss();
    if (runs.stream().allMatch(run -> run.epochs().targetLoss() == target)) {
      chart.mark(target, "target " + Figures.tick(target));
    }
    return withKey(chart);
  }

  private static boolean classifies(RunView run) {
    return run.epochs().isKnown(Measure.TRAIN_ACCURACY);
  }

  private LineChart accuracy() {
    LineChart chart =
        new LineChart(
            "Accuracy", "share of images", Scale.of(0, 1), v -> Math.round(100 * v) + " %");
    each(
        run -> {
          chart.add(line(run, Measure.TRAIN_ACCURACY, Line.look(run) + " thin"));
          chart.add(line(run, runs.get(run).epochs().judgingAccuracy(), Line.look(run)));
        });
    return withKey(chart);
  }

  private LineChart withKey(LineChart chart) {
    boolean areHeldOut =
        runs.stream().allMatch(run -> run.epochs().judgingLoss() == Measure.VALIDATION_LOSS);
    String look = runs.size() == 1 ? Line.look(0) : "";
    return chart.key(look, areHeldOut ? "validation" : "test").key(look + " thin", "train");
  }

  /** Logarithmic where the runs' rates would otherwise hide one another. */
  private LineChart rates() {
    double[] peaks =
        runs.stream()
            .flatMapToDouble(
                run -> Arrays.stream(run.epochs().column(Measure.LEARNING_RATE)).max().stream())
            .filter(peak -> peak > 0)
            .sorted()
            .toArray();
    boolean areApart = peaks.length > 1 && peaks[peaks.length - 1] > FAR_APART * peaks[0];
    if (!areApart) {
      return chart(
          "Learning rate", "of the epoch’s last step", Measure.LEARNING_RATE, Figures::tick);
    }
    DoubleStream shown = DoubleStream.of(peaks[0] / 100, peaks[peaks.length - 1]);
    return chart(
        "Learning rate",
        "of the epoch’s last step, logarithmic",
        Measure.LEARNING_RATE,
        Scale.logarithmic(shown),
        Figures::tick);
  }

  private LineChart chart(
      String title, String explanation, Measure measure, DoubleFunction<String> format) {
    DoubleStream all =
        runs.stream().flatMapToDouble(run -> Arrays.stream(run.epochs().column(measure)));
    return chart(title, explanation, measure, Scale.fromZero(all), format);
  }

  private LineChart chart(
      String title,
      String explanation,
      Measure measure,
      Scale scale,
      DoubleFunction<String> format) {
    LineChart chart = new LineChart(title, explanation, scale, format);
    each(run -> chart.add(line(run, measure, Line.look(run))));
    return chart;
  }

  private void each(IntConsumer action) {
    IntStream.range(0, runs.size())
        .filter(run -> runs.get(run).epochs().count() > 0)
        .forEach(action);
  }

  private Line line(int run, Measure measure, String look) {
    RunView view = runs.get(run);
    String label = runs.size() == 1 ? measure.title() : view.name() + ", " + measure.title();
    return new Line(
        run,
        label,
        look,
        numbers(view),
        view.epochs().column(measure),
        EpochTable.column(view.epochs(), measure));
  }

  /** How much a step changes each layer's kernels; healthy is about 0.001. */
  private LineChart updates(int run) {
    RunView view = runs.get(run);
    List<String> kernels = EpochTable.kernels(view.epochs());
    DoubleStream all =
        kernels.stream()
            .flatMapToDouble(name -> Arrays.stream(view.epochs().updateRatios().get(name)));
    String whose = runs.size() == 1 ? "" : view.name() + ": ";
    LineChart chart =
        new LineChart(
            "Update to weight",
            whose + "length of a step’s change over that of the kernels, logarithmic",
            Scale.logarithmic(all),
            Figures::tick);
    for (int i = 0; i < kernels.size(); i++) {
      String name = kernels.get(i);
      String layer = name.substring(0, name.indexOf('/'));
      chart.key(Line.look(i), layer);
      double[] ratios = view.epochs().updateRatios().get(name);
      int column = EpochTable.column(view.epochs(), name);
      chart.add(new Line(run, layer, Line.look(i), numbers(view), ratios, column));
    }
    return chart;
  }

  private static double[] numbers(RunView view) {
    return Arrays.stream(view.epochs().numbers()).asDoubleStream().toArray();
  }

  private static String rate(double perSecond) {
    return Figures.count(Math.round(perSecond));
  }

  private void tables(Html page) {
    page.open("details", "class", "numbers").element("summary", "The numbers behind the curves");
    each(run -> EpochTable.write(page, run, runs.get(run), runs.size() > 1));
    page.close();
  }
}
