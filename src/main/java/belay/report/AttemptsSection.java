package belay.report;

import belay.view.Figures;
import belay.view.Outcome;
import belay.view.RunView;
import belay.view.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Who worked on each run, when, and how it ended. */
final class AttemptsSection implements Section {
  private final List<RunView> runs;

  AttemptsSection(List<RunView> runs) {
    this.runs = runs;
  }

  @Override
  public String id() {
    return "attempts";
  }

  @Override
  public String title() {
    return "Attempts";
  }

  @Override
  public boolean isEmpty() {
    return runs.stream().allMatch(run -> run.attempts().isEmpty());
  }

  @Override
  public void write(Html page) {
    key(page);
    for (RunView run : runs) {
      if (!run.attempts().isEmpty()) {
        timeline(page, run);
      }
    }
    page.open("details", "class", "numbers").element("summary", "Every attempt");
    runs.forEach(run -> table(page, run));
    page.close();
  }

  private void key(Html page) {
    LinkedHashSet<Outcome> outcomes = new LinkedHashSet<>();
    runs.forEach(run -> run.attempts().forEach(work -> outcomes.add(work.outcome())));
    page.open("p", "class", "keys");
    for (Outcome outcome : outcomes) {
      page.open("span").element("i", "", "class", "block " + outcome.style()).text(outcome).close();
    }
    page.open("span").element("i", "", "class", "block pause").text("nobody at work").close();
    page.close();
  }

  private void timeline(Html page, RunView run) {
    TimeLine line = new TimeLine(run.attempts());
    page.open("figure", "class", "timeline").open("figcaption");
    page.element("b", runs.size() == 1 ? "Time line" : run.name());
    page.text(" ").element("span", line.summary()).close();
    page.open("div", "class", "bar", "role", "img", "aria-label", description(run, line));
    for (TimeLine.Piece piece : line.pieces()) {
      piece(page, piece);
    }
    page.close();
    page.open("div", "class", "ends")
        .element("span", Figures.time(run.attempts().get(0).started()))
        .element("span", Figures.time(line.end()))
        .close(2);
  }

  private static void piece(Html page, TimeLine.Piece piece) {
    String style = String.format(Locale.ROOT, "--w:%.4f", piece.width());
    Optional<Work> work = piece.work();
    String kind = work.map(w -> w.outcome().style()).orElse("pause");
    String text =
        work.map(AttemptsSection::sentence).orElse("nobody at work for ")
            + (work.isPresent() ? "" : Figures.duration(piece.duration()));
    page.open(
        "span",
        "class",
        "piece " + kind + (piece.isShortened() ? " short" : ""),
        "style",
        style,
        "title",
        text);
    page.text(work.map(Work::stage).orElseGet(() -> Figures.duration(piece.duration())));
    page.close();
  }

  private static String description(RunView run, TimeLine line) {
    List<String> parts = new ArrayList<>();
    run.attempts().stream().limit(10).forEach(work -> parts.add(sentence(work)));
    int others = run.attempts().size() - parts.size();
    return line.summary()
        + ". "
        + String.join("; ", parts)
        + (others > 0 ? "; and " + others + " more" : "");
  }

  private static String sentence(Work work) {
    return "attempt %d, %s on %s, %s, %s%s"
        .formatted(
            work.attempt(),
            work.stage(),
            work.host(),
            Figures.duration(work.duration()),
            work.outcome(),
            work.reason().isEmpty() || work.reason().equals(work.outcome().toString())
                ? ""
                : " (" + work.reason() + ")");
  }

  private void table(Html page, RunView run) {
    page.open("div", "class", "scroll", "tabindex", "0").open("table", "class", "attempts");
    page.element("caption", run.name()).open("thead").open("tr");
    for (String head :
        List.of(
            "", "stage", "began", "lasted", "pause before", "host", "job", "ended", "reached")) {
      page.element("th", head, "scope", "col");
    }
    page.close(2).open("tbody");
    Work before = null;
    for (Work work : run.attempts()) {
      row(page, work, before);
      before = work;
    }
    page.close(3);
  }

  private static void row(Html page, Work work, Work before) {
    page.open("tr").element("td", work.attempt()).element("td", work.stage());
    page.element("td", Figures.time(work.started()));
    page.element("td", Figures.duration(work.duration()));
    page.element("td", before == null ? "" : Figures.duration(pause(before, work)));
    page.element("td", work.host()).element("td", work.job()).open("td");
    SummarySection.badge(page, work.outcome());
    page.text(work.reason().equals("done") ? "" : " " + work.reason()).close();
    page.element("td", "epoch " + work.epoch() + ", step " + Figures.count(work.step())).close();
  }

  static Duration pause(Work before, Work work) {
    return work.started().isAfter(before.ended())
        ? Duration.between(before.ended(), work.started())
        : Duration.ZERO;
  }
}
