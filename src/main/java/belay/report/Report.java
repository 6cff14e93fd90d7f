package belay.report;

import belay.view.Figures;
import belay.view.RunView;
import belay.view.Standing;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A page about one or several runs.
 *
 * @param runs in the order of their colours
 * @param made when
 * @param version of the jar that made it
 * @param reloadSeconds after which the page loads itself again; 0 for never
 */
public record Report(List<RunView> runs, Instant made, String version, int reloadSeconds) {
  private static final int MOST_NAMES = 3;

  public Report {
    runs = List.copyOf(runs);
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("a report needs a run");
    }
  }

  /** The page, in UTF-8. */
  public String html() {
    List<Section> sections =
        List.of(
            new SummarySection(runs),
            new CurvesSection(runs),
            new AttemptsSection(runs),
            new PicturesSection(runs),
            new ConfusionSection(runs),
            new OperationsSection(runs),
            new NetworkSection(runs),
            new ProvenanceSection(runs));
    return new Page(names(), made, version, reloadSeconds).html(sections, this::standing);
  }

  private void standing(Html page) {
    if (runs.size() == 1) {
      Standing standing = runs.get(0).standing();
      SummarySection.badge(page, standing.outcome());
      page.text(" " + progress(standing));
    } else {
      page.text(Figures.plural(runs.size(), "run") + " compared");
    }
  }

  private static String progress(Standing standing) {
    String epochs = "epoch %d of %d".formatted(standing.epoch(), standing.epochs());
    String last =
        standing.updated() == null ? "" : ", last sign of life " + Figures.time(standing.updated());
    String stage = standing.stage().isEmpty() ? "" : standing.stage() + ", ";
    String message = standing.message().isEmpty() ? "" : ": " + standing.message();
    return stage + epochs + last + message;
  }

  private String names() {
    String some =
        runs.stream().limit(MOST_NAMES).map(RunView::name).collect(Collectors.joining(", "));
    int others = runs.size() - MOST_NAMES;
    return others > 0 ? some + " and " + Figures.plural(others, "other") : some;
  }
}
