package belay.report;

import belay.view.ConfusionMatrix;
import belay.view.Figures;
import belay.view.RunView;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The accuracy of several runs over one another: a line for each class, a dot for each run. */
final class RecallChart {
  private final List<RunView> runs;
  private final List<Integer> judged;

  /**
   * @param runs all runs of the page, in the order of their colours
   * @param judged numbers of those that have a classifier; they have the same classes
   */
  RecallChart(List<RunView> runs, List<Integer> judged) {
    this.runs = runs;
    this.judged = judged;
  }

  void write(Html page) {
    List<String> names = confusion(judged.get(0)).names();
    page.open("figure", "class", "recall").open("figcaption");
    page.element("b", "Accuracy").text(" ");
    page.element("span", "share of the test images that were classified right").close();
    page.open("div", "role", "img", "aria-label", description());
    row(page, "all", "row all", ConfusionMatrix::accuracy);
    for (int label = 0; label < names.size(); label++) {
      int own = label;
      row(page, names.get(label), "row", confusion -> confusion.recall(own));
    }
    page.open("div", "class", "row ticks").element("span", "").open("div");
    for (int tick = 0; tick <= 100; tick += 25) {
      page.element("span", tick + " %", "style", "--left:" + tick / 100.0);
    }
    page.close(4);
  }

  private void row(Html page, String name, String look, ToDoubleFunction<ConfusionMatrix> share) {
    page.open("div", "class", look).element("span", name).open("div");
    for (int run : judged) {
      double value = share.applyAsDouble(confusion(run));
      if (Double.isFinite(value)) {
        page.element(
            "i",
            "",
            "class",
            "dot line " + Line.look(run),
            "data-run",
            run,
            "title",
            runs.get(run).name() + ": " + Figures.percent(value),
            "style",
            String.format(Locale.ROOT, "--left:%.4f", value));
      }
    }
    page.close(2);
  }

  private String description() {
    return judged.stream()
        .map(run -> runs.get(run).name() + " " + Figures.percent(runs.get(run).accuracy()))
        .collect(
            Collectors.joining("; ", "Test accuracy: ", ". The matrices below tell each class."));
  }

  private ConfusionMatrix confusion(int run) {
    return runs.get(run).judgement().orElseThrow().confusion();
  }
}
