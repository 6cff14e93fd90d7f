package belay.report;

import belay.view.Figures;
import belay.view.RunView;
import java.util.List;
import java.util.function.Predicate;

/**
 * Parts that every run has of its own, one after another. The first few are open; the others are
 * folded, so that a page of twenty runs can still be read.
 */
final class Several {
  private static final int OPEN = 3;

  private final List<RunView> wanted;
  private final boolean isNamed;

  /** Writes the part of one run, with its name where there are others. */
  interface Part {
    void write(Html page, RunView run, boolean isNamed);
  }

  Several(List<RunView> runs, Predicate<RunView> isWanted) {
    wanted = runs.stream().filter(isWanted).toList();
    isNamed = runs.size() > 1;
  }

  void write(Html page, String style, Part part) {
    page.open("div", "class", "several " + style);
    wanted.stream().limit(OPEN).forEach(run -> article(page, run, part));
    page.close();
    if (wanted.size() > OPEN) {
      page.open("details").element("summary", Figures.plural(wanted.size() - OPEN, "more run"));
      page.open("div", "class", "several " + style);
      wanted.stream().skip(OPEN).forEach(run -> article(page, run, part));
      page.close(2);
    }
  }

  private void article(Html page, RunView run, Part part) {
    page.open("article");
    part.write(page, run, isNamed);
    page.close();
  }
}
