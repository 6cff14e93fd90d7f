package belay.report;

import belay.view.ConfusionMatrix;
import belay.view.Figures;
import belay.view.Judgement;
import belay.view.RunView;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** The confusion matrix as a heat map, the most confused pairs, and what they look like. */
final class ConfusionSection implements Section {
  private final List<RunView> runs;

  ConfusionSection(List<RunView> runs) {
    this.runs = runs;
  }

  @Override
  public String id() {
    return "confusion";
  }

  @Override
  public String title() {
    return "Classification";
  }

  @Override
  public boolean isEmpty() {
    return runs.stream().allMatch(run -> run.judgement().isEmpty());
  }

  @Override
  public void write(Html page) {
    List<Integer> judged =
        IntStream.range(0, runs.size())
            .filter(run -> runs.get(run).judgement().isPresent())
            .boxed()
            .toList();
    if (judged.size() > 1 && judged.stream().map(this::classes).distinct().count() == 1) {
      new RecallChart(runs, judged).write(page);
    }
    new Several(runs, run -> run.judgement().isPresent())
        .write(page, "judgements", ConfusionSection::judgement);
  }

  private List<String> classes(int run) {
    return runs.get(run).judgement().orElseThrow().confusion().names();
  }

  private static void judgement(Html page, RunView run, boolean isNamed) {
    Judgement judgement = run.judgement().orElseThrow();
    String accuracy = Figures.percent(run.accuracy()) + " of the test images" + judgement.remark();
    if (isNamed) {
      page.open("h3").text(run.name() + " ").element("small", accuracy).close();
    }
    page.open("div", "class", "pair");
    matrix(page, judgement.confusion());
    pairs(page, judgement);
    page.close();
  }

  private static void matrix(Html page, ConfusionMatrix confusion) {
    List<String> names = confusion.names();
    page.open("div", "class", "scroll", "tabindex", "0");
    page.open("table", "class", "heat").open("caption").element("b", "Confusion matrix").text(" ");
    page.element("span", "rows: actual class, columns: predicted").close();
    page.open("thead").open("tr").element("td", "");
    for (String name : names) {
      page.open("th", "scope", "col").element("span", name).close();
    }
    page.open("th", "scope", "col", "class", "share").element("span", "recall %").close();
    page.close(2).open("tbody");
    IntStream.range(0, names.size()).forEach(row -> row(page, confusion, row));
    page.close().open("tfoot").open("tr").element("th", "precision %", "scope", "row");
    IntStream.range(0, names.size())
        .forEach(c -> page.element("td", whole(confusion.precision(c))));
    page.element("td", whole(confusion.accuracy()), "class", "share").close(4);
  }

  private static void row(Html page, ConfusionMatrix confusion, int row) {
    page.open("tr").element("th", confusion.names().get(row), "scope", "row");
    int[] counts = confusion.counts()[row];
    int most = mostMistaken(confusion);
    for (int column = 0; column < counts.length; column++) {
      boolean isRight = column == row;
      double share =
          isRight
              ? (double) counts[row] / Math.max(1, Arrays.stream(counts).sum())
              : Math.sqrt((double) counts[column] / Math.max(1, most));
      double heat = isRight ? 0.04 + 0.93 * share : 0.03 + 0.77 * share;
      page.element(
          "td",
          counts[column] == 0 ? "·" : counts[column],
          "class",
          look(isRight, heat),
          "style",
          String.format(Locale.ROOT, "--h:%.2f", heat));
    }
    page.element("td", whole(confusion.recall(row)), "class", "share").close();
  }

  /**
   * The text must differ from the ground by 4.5 to 1, light or dark: it changes its colour where
   * black and white are equally far, which depends on both.
   */
  private static String look(boolean isRight, double heat) {
    if (isRight) {
      return heat >= 0.86 ? "right hot" : heat >= 0.6 ? "right warm" : "right";
    }
    return heat >= 0.7 ? "wrong warm" : "wrong";
  }

  private static int mostMistaken(ConfusionMatrix confusion) {
    int most = 0;
    for (int row = 0; row < confusion.names().size(); row++) {
      for (int column = 0; column < confusion.names().size(); column++) {
        most = row == column ? most : Math.max(most, confusion.counts()[row][column]);
      }
    }
    return most;
  }

  private static void pairs(Html page, Judgement judgement) {
    if (judgement.pairs().isEmpty()) {
      return;
    }
    page.open("figure", "class", "confused").open("figcaption");
    page.element("b", "Most confused").text(" ");
    page.element("span", "test images taken for another class").close();
    for (Judgement.Pair pair : judgement.pairs()) {
      page.open("div").open("p").element("b", pair.actual()).text(" taken for ");
      page.element("b", pair.predicted()).text(" ");
      page.element("small", Figures.plural(pair.count(), "image")).close();
      pair.examples().ifPresent(picture -> page.picture(picture, 2));
      page.close();
    }
    page.close();
  }

  private static String whole(double share) {
    return Double.isNaN(share) ? Figures.NONE : String.valueOf(Math.round(100 * share));
  }
}
