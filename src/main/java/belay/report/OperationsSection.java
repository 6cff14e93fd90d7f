package belay.report;

import belay.view.Figures;
import belay.view.RunView;
import belay.view.StepView;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Where the time of a training step goes, for runs that measured it. */
final class OperationsSection implements Section {
  private static final List<String> PASSES = List.of("forward", "backward", "loss", "update");

  private final List<RunView> runs;

  OperationsSection(List<RunView> runs) {
    this.runs = runs;
  }

  @Override
  public String id() {
    return "operations";
  }

  @Override
  public String title() {
    return "Time by operation";
  }

  @Override
  public boolean isEmpty() {
    return runs.stream().allMatch(run -> run.profile().isEmpty());
  }

  @Override
  public void write(Html page) {
    new Several(runs, run -> run.profile().isPresent())
        .write(page, "profiles", OperationsSection::profile);
  }

  private static void profile(Html page, RunView run, boolean isNamed) {
    StepView profile = run.profile().orElseThrow();
    if (isNamed) {
      page.element("h3", run.name());
    }
    page.element(
        "p",
        "A step of %s takes %s on %s; its operations add up to %s, more or less where threads overlap."
            .formatted(
                Figures.plural(profile.images(), "image"),
                Figures.seconds(profile.stepSeconds()),
                profile.device(),
                Figures.seconds(profile.sum())));
    keys(page, profile);
    page.open("div", "class", "scroll", "tabindex", "0").open("table", "class", "operations");
    page.open("thead").open("tr");
    boolean areCounted = profile.operations().stream().anyMatch(o -> o.flop() > 0);
    for (String head : List.of("operation", "", "time", "share", areCounted ? "GFLOP/s" : "")) {
      page.element("th", head, "scope", "col");
    }
    page.close(2).open("tbody");
    double longest =
        profile.operations().stream().mapToDouble(StepView.Operation::seconds).max().orElse(1);
    profile.operations().stream()
        .sorted(Comparator.comparingDouble(StepView.Operation::seconds).reversed())
        .forEach(operation -> row(page, operation, profile.sum(), longest));
    page.close(3);
  }

  private static void keys(Html page, StepView profile) {
    page.open("p", "class", "keys");
    profile.operations().stream()
        .map(StepView.Operation::pass)
        .filter(pass -> PASSES.contains(pass))
        .distinct()
        .forEach(
            pass ->
                page.open("span")
                    .open("span", "class", "bars")
                    .element("i", "", "class", pass)
                    .close()
                    .text(pass)
                    .close());
    page.close();
  }

  private static void row(Html page, StepView.Operation o, double sum, double longest) {
    page.open("tr").open("th", "scope", "row");
    String place = (o.layer() + " " + o.pass()).strip();
    page.text(place.isEmpty() ? o.name() : place);
    if (!place.isEmpty()) {
      page.element("small", o.name());
    }
    page.close().open("td", "class", "bars");
    String width = String.format(Locale.ROOT, "--w:%.3f", o.seconds() / longest);
    page.element("i", "", "class", o.pass(), "style", width).close();
    page.element("td", Figures.seconds(o.seconds()));
    page.element("td", Figures.percent(o.seconds() / sum));
    double rate = o.flop() / o.seconds() / 1e9;
    page.element("td", o.flop() > 0 ? Figures.count(Math.round(rate)) : "").close();
  }
}
