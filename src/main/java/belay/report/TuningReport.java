package belay.report;

import belay.view.Tuning;
import belay.view.TuningStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The page of a tuning, which may not be complete yet.
 *
 * @param made when
 * @param version of the jar that made it
 */
public record TuningReport(Tuning tuning, Instant made, String version) {
  /** The page, in UTF-8. */
  public String html() {
    List<Section> sections = new ArrayList<>();
    for (TuningStep step : tuning.steps()) {
      sections.add(new TuningSection(step));
    }
    sections.add(new Command());
    return new Page("Tuning " + tuning.name(), made, version, 0)
        .html(sections, page -> page.text(String.join(" ", tuning.notes())));
  }

  /** What to do with all that. */
  private final class Command implements Section {
    @Override
    public String id() {
      return "command";
    }

    @Override
    public String title() {
      return "Train";
    }

    @Override
    public boolean isEmpty() {
      return tuning.command().isEmpty();
    }

    @Override
    public void write(Html page) {
      page.open("div", "class", "repeat").open("p").element("b", "The whole training").text(" ");
      page.element("span", "with what was found, in a POSIX shell").close();
      page.element("button", "Copy", "type", "button", "class", "copy", "hidden", "");
      page.element("pre", tuning.command(), "tabindex", "0").close();
    }
  }
}
