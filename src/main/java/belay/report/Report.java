package belay.report;

import belay.view.Figures;
import belay.view.RunView;
import belay.view.Standing;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A page about one or several runs. It is one file that needs no other and no network; a policy in
 * its head forbids the browser to load or run anything that is not in it.
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
    String script = resource("report.js");
    Html page = new Html();
    page.raw("<!doctype html>\n").open("html", "lang", "en");
    head(page, script);
    page.open("body", "data-reload", reloadSeconds > 0 ? reloadSeconds : null);
    List<Section> sections =
        List.<Section>of(
                new SummarySection(runs),
                new CurvesSection(runs),
                new AttemptsSection(runs),
                new PicturesSection(runs),
                new ConfusionSection(runs),
                new OperationsSection(runs),
                new NetworkSection(runs),
                new ProvenanceSection(runs))
            .stream()
            .filter(section -> !section.isEmpty())
            .toList();
    header(page, sections);
    page.open("main", "id", "main");
    sections.forEach(section -> section(page, section));
    page.close();
    footer(page);
    page.open("script").raw(script).close(3);
    return page.toString();
  }

  private void head(Html page, String script) {
    page.open("head").single("meta", "charset", "utf-8");
    page.single("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    page.single("meta", "name", "color-scheme", "content", "light dark");
    page.single("meta", "name", "generator", "content", "belay " + version);
    page.single(
        "meta",
        "http-equiv",
        "Content-Security-Policy",
        "content",
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-"
            + digest(script)
            + "'");
    page.element("title", names() + " – Belay");
    page.single("link", "rel", "icon", "href", "data:,");
    page.open("style").raw(style()).close(2);
  }

  private void header(Html page, List<Section> sections) {
    page.element("a", "To the content", "href", "#main", "class", "skip");
    page.open("nav", "aria-label", "Sections").open("div");
    page.open("span", "class", "brand").raw(resource("rope.svg")).text("Belay").close();
    for (Section section : sections) {
      page.element("a", section.title(), "href", "#" + section.id());
    }
    page.element(
        "button",
        "Theme",
        "type",
        "button",
        "class",
        "theme",
        "hidden",
        "",
        "aria-label",
        "Switch between light and dark");
    page.close(2).open("header");
    page.element("h1", names());
    page.open("p");
    if (runs.size() == 1) {
      Standing standing = runs.get(0).standing();
      SummarySection.badge(page, standing.outcome());
      page.text(" " + progress(standing));
    } else {
      page.text(Figures.plural(runs.size(), "run") + " compared");
    }
    page.close(2);
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

  private static void section(Html page, Section section) {
    page.open("section", "id", section.id(), "aria-labelledby", section.id() + "-title");
    page.element("h2", section.title(), "id", section.id() + "-title");
    section.write(page);
    page.close();
  }

  private void footer(Html page) {
    page.open("footer").open("p").text("Made by belay " + version + ", " + Figures.time(made));
    if (reloadSeconds > 0) {
      page.text("; loads itself again every " + Figures.plural(reloadSeconds, "second"));
    }
    page.close(2);
  }

  /** Dark where the system asks for it, or the reader; paper stays light. */
  private static String style() {
    String dark = resource("dark.css");
    return resource("report.css")
        .replace(
            "/*DARK*/",
            "@media screen and (prefers-color-scheme: dark) { :root:not([data-theme=light]) {"
                + dark
                + "} }\n@media screen { :root[data-theme=dark] {"
                + dark
                + "} }");
  }

  private static String resource(String name) {
    try (InputStream in = Report.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String digest(String script) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      byte[] digest = sha256.digest(script.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java runtime has no SHA-256", e);
    }
  }
}
