package belay.report;

import belay.view.Figures;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;

/**
 * What stands around the sections of a page. It is one file that needs no other and no network; a
 * policy in its head forbids the browser to load or run anything that is not in it.
 *
 * @param made when
 * @param version of the jar that made it
 * @param reloadSeconds after which the page loads itself again; 0 for never
 */
record Page(String title, Instant made, String version, int reloadSeconds) {

  /**
   * The page, in UTF-8.
   *
   * @param all sections, of which those that are empty are left out
   * @param lead writes what stands below the title
   */
  String html(List<Section> all, Consumer<Html> lead) {
    List<Section> sections = all.stream().filter(section -> !section.isEmpty()).toList();
    String script = resource("report.js");
    Html page = new Html();
    page.raw("<!doctype html>\n").open("html", "lang", "en");
    head(page, script);
    page.open("body", "data-reload", reloadSeconds > 0 ? reloadSeconds : null);
    header(page, sections, lead);
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
    page.element("title", title + " – Belay");
    page.single("link", "rel", "icon", "href", "data:,");
    page.open("style").raw(style()).close(2);
  }

  private void header(Html page, List<Section> sections, Consumer<Html> lead) {
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
    page.element("h1", title);
    page.open("p");
    lead.accept(page);
    page.close(2);
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
    try (InputStream in = Page.class.getResourceAsStream(name)) {
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
