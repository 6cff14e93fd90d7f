package belay.report;

import belay.view.Epochs;
import belay.view.Figures;
import belay.view.Measure;
import belay.view.RunView;
import java.util.List;

/**
 * The numbers behind the curves of one run. The hover text of the charts is read from here, so that
 * both say the same and the page holds every number once.
 */
final class EpochTable {
  private static final int FIRST = 1; // after the epoch's number

  private EpochTable() {}

  /** 0 where the table has none of it. */
  static int column(Epochs epochs, Measure measure) {
    return FIRST + epochs.known().indexOf(measure);
  }

  static int column(Epochs epochs, String parameter) {
    return FIRST + epochs.known().size() + kernels(epochs).indexOf(parameter);
  }

  /** Parameters that are kernels: biases are few and jump. */
  static List<String> kernels(Epochs epochs) {
    return epochs.updateRatios().keySet().stream().filter(name -> name.endsWith("/w")).toList();
  }

  static void write(Html page, int number, RunView run, boolean isNamed) {
    Epochs epochs = run.epochs();
    page.open("div", "class", "scroll", "tabindex", "0");
    page.open("table", "id", "epochs" + number, "class", "epochs");
    page.element("caption", isNamed ? run.name() : "Each epoch");
    page.open("thead").open("tr").element("th", "epoch", "scope", "col");
    for (Measure measure : epochs.known()) {
      page.element("th", measure.title(), "scope", "col");
    }
    List<String> kernels = kernels(epochs);
    kernels.forEach(kernel -> page.element("th", "update " + kernel, "scope", "col"));
    page.close(2).open("tbody");
    for (int row = 0; row < epochs.count(); row++) {
      row(page, epochs, kernels, row);
    }
    page.close(3);
  }

  /** Without the end tags that HTML can do without: there may be thousands of rows. */
  private static void row(Html page, Epochs epochs, List<String> kernels, int row) {
    page.single("tr").single("td").text(epochs.numbers()[row]);
    for (Measure measure : epochs.known()) {
      page.single("td").text(measure.text(epochs.column(measure)[row]));
    }
    for (String kernel : kernels) {
      page.single("td").text(Figures.small(epochs.updateRatios().get(kernel)[row]));
    }
  }
}
