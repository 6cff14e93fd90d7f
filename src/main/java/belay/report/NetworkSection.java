package belay.report;

import belay.view.Figures;
import belay.view.NetworkView;
import belay.view.RunView;
import belay.view.StageView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The stages of the runs and the networks that they train, drawn. */
final class NetworkSection implements Section {
  private final List<RunView> runs;

  NetworkSection(List<RunView> runs) {
    this.runs = runs;
  }

  @Override
  public String id() {
    return "network";
  }

  @Override
  public String title() {
    return "Stages and network";
  }

  @Override
  public boolean isEmpty() {
    return runs.stream().allMatch(run -> run.stages().isEmpty() && run.network().isEmpty());
  }

  @Override
  public void write(Html page) {
    new Several(runs, run -> !run.stages().isEmpty()).write(page, "stages", NetworkSection::stages);
    Map<String, List<RunView>> users = new LinkedHashMap<>();
    for (RunView run : runs) {
      run.network()
          .ifPresent(n -> users.computeIfAbsent(n.digest(), d -> new ArrayList<>()).add(run));
    }
    users.values().forEach(same -> network(page, same, users.size() > 1));
  }

  private static void stages(Html page, RunView run, boolean isNamed) {
    if (isNamed) {
      page.element("h3", run.name());
    }
    page.open("ol", "class", "flow", "aria-label", "Stages of " + run.name());
    page.open("li", "class", "file").element("b", "images").close();
    for (StageView stage : run.stages()) {
      page.open("li", "class", "stage " + stage.outcome().style());
      page.open("span").element("b", stage.name()).text(" ");
      SummarySection.badge(page, stage.outcome());
      page.close();
      if (!stage.effort().isEmpty()) {
        page.element("small", stage.effort());
      }
      page.close();
      page.open("li", "class", stage.isMade() ? "file" : "file missing");
      page.element("b", stage.product()).close();
    }
    page.close();
  }

  private static void network(Html page, List<RunView> users, boolean isNamed) {
    NetworkView network = users.get(0).network().orElseThrow();
    String whose = users.stream().map(RunView::name).collect(Collectors.joining(", "));
    page.open("figure", "class", "network").open("figcaption").element("b", network.name());
    page.text(" ");
    page.element(
        "span",
        Figures.count(network.parameters())
            + " parameters, "
            + Figures.count(network.latentFeatures())
            + " latent features"
            + (isNamed ? "; " + whose : ""));
    page.close().open("div", "class", "scroll", "tabindex", "0");
    new NetworkDrawing(network).write(page);
    page.close();
    page.open("details", "class", "numbers").element("summary", "Layer by layer");
    table(page, network);
    page.element("pre", network.text(), "tabindex", "0").close(2);
  }

  private static void table(Html page, NetworkView network) {
    page.open("div", "class", "scroll", "tabindex", "0").open("table", "class", "layers");
    page.open("thead").open("tr");
    for (String head : List.of("layer", "operation", "output", "parameters")) {
      page.element("th", head, "scope", "col");
    }
    page.close(2).open("tbody");
    for (int i = 0; i < network.layers().size(); i++) {
      NetworkView.Layer layer = network.layers().get(i);
      page.open("tr").element("th", layer.name(), "scope", "row");
      page.element("td", operation(layer, network.readsFromAfar(i)));
      page.element("td", layer.shape());
      int weights = layer.weights().count();
      page.element("td", weights == 0 ? "" : Figures.count(weights)).close();
    }
    page.close(3);
  }

  private static String operation(NetworkView.Layer layer, List<String> reads) {
    return layer.operation()
        + (reads.isEmpty() ? "" : ", reads " + String.join(" and ", reads))
        + (layer.isLatent() ? ", latent" : "");
  }
}
