package belay.report;

import belay.view.RunView;
import java.util.List;
import java.util.Map;

/** What made the runs, and how to make them again. */
final class ProvenanceSection implements Section {
  private final List<RunView> runs;

  ProvenanceSection(List<RunView> runs) {
    this.runs = runs;
  }

  @Override
  public String id() {
    return "provenance";
  }

  @Override
  public String title() {
    return "Provenance";
  }

  @Override
  public boolean isEmpty() {
    return runs.isEmpty();
  }

  @Override
  public void write(Html page) {
    new Several(runs, run -> true).write(page, "provenance", ProvenanceSection::run);
  }

  private static void run(Html page, RunView run, boolean isNamed) {
    if (isNamed) {
      page.element("h3", run.name());
    }
    page.open("p", "class", "where").element("code", run.directory()).close();
    run.commands().ifPresent(commands -> commands(page, commands));
    for (RunView.Facts facts : run.provenance()) {
      facts(page, facts.title(), facts.entries());
    }
    facts(page, "Configuration", run.configuration());
  }

  private static void commands(Html page, String commands) {
    page.open("div", "class", "repeat").open("p").element("b", "Repeat this run").text(" ");
    page.element("span", "with the same jar, in a POSIX shell").close();
    page.element("button", "Copy", "type", "button", "class", "copy", "hidden", "");
    page.element("pre", commands, "tabindex", "0").close();
  }

  private static void facts(Html page, String title, Map<String, String> entries) {
    if (entries.isEmpty()) {
      return;
    }
    page.open("details").element("summary", title);
    page.open("div", "class", "scroll", "tabindex", "0").open("table", "class", "facts");
    page.open("tbody");
    entries.forEach(
        (name, value) ->
            page.open("tr").element("th", name, "scope", "row").element("td", value).close());
    page.close(4);
  }
}
