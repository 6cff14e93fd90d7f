package belay.report;

import belay.view.Figures;
import belay.view.Plot;
import belay.view.TuningStep;
import java.util.List;
import java.util.Map;

/** One step of a tuning: its verdict, its curves, its trials. */
record TuningSection(TuningStep step) implements Section {
  @Override
  public String id() {
    return step.id();
  }

  @Override
  public String title() {
    return step.title();
  }

  @Override
  public boolean isEmpty() {
    return false;
  }

  @Override
  public void write(Html page) {
    page.open("p")
        .element("span", step.verdict().words(), "class", "badge " + step.verdict().style())
        .text(" " + step.sentence())
        .close();
    page.open("div", "class", "charts");
    for (Plot plot : step.plots()) {
      PlotChart.write(page, plot, step.plots().size() == 1 ? "wide" : "");
    }
    page.close();
    if (!step.trials().isEmpty()) {
      table(page, step.trials().records());
    }
  }

  private static void table(Html page, List<Map<String, Object>> rows) {
    page.open("div", "class", "scroll", "tabindex", "0").open("table");
    page.open("thead").open("tr");
    rows.get(0).keySet().forEach(name -> page.element("th", name, "scope", "col"));
    page.close(2).open("tbody");
    for (Map<String, Object> row : rows) {
      page.open("tr");
      row.values().forEach(cell -> page.element("td", text(cell)));
      page.close();
    }
    page.close(3);
  }

  private static String text(Object cell) {
    return cell instanceof Double number
        ? Figures.loss(number)
        : cell == null ? "" : cell.toString();
  }
}
