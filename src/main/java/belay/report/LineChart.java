package belay.report;

import belay.view.Figures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;

/**
 * Curves as SVG, over epochs if nothing else is said. The drawing stretches to any width while its
 * lines keep theirs, and the labels around it are text of the page: the same chart fits a phone, a
 * desk and paper, follows light and dark, and needs no script.
 */
final class LineChart {
  private static final int X_TICKS = 8;
  private static final int MOST_DESCRIBED = 4;
  private static final int DENSE = 100; // points from which thinner lines tell more

  private final String title;
  private final String explanation;
  private final Scale up;
  private final DoubleFunction<String> format;
  private final List<Line> lines = new ArrayList<>();
  private final List<String[]> keys = new ArrayList<>();
  private double mark = Double.NaN;
  private String markLabel;
  private Scale wanted; // the horizontal axis; null for epochs
  private String by = "epoch";
  private double place = Double.NaN;

  /**
   * @param explanation unit and scale, in small letters beside the title
   * @param up the vertical axis
   * @param format of its labels
   */
  LineChart(String title, String explanation, Scale up, DoubleFunction<String> format) {
    this.title = title;
    this.explanation = explanation;
    this.up = up;
    this.format = format;
  }

  LineChart add(Line line) {
    lines.add(line);
    return this;
  }

  /** An entry of the legend beside the title. */
  LineChart key(String look, String label) {
    keys.add(new String[] {look, label});
    return this;
  }

  /** A level to reach. */
  LineChart mark(double value, String label) {
    mark = value;
    markLabel = label;
    return this;
  }

  /**
   * Another horizontal axis than epochs.
   *
   * @param name of what it shows, for those who hear the page
   */
  LineChart across(Scale scale, String name) {
    wanted = scale;
    by = name;
    return this;
  }

  /** A place on the horizontal axis. */
  LineChart place(double x) {
    place = x;
    return this;
  }

  void write(Html page, String size) {
    Scale across = wanted == null ? epochs() : wanted;
    boolean isDense = lines.stream().anyMatch(line -> line.x().length > DENSE);
    page.open("figure", "class", "chart " + size + (isDense ? " dense" : ""));
    caption(page);
    page.open("div", "class", "plot", "role", "img", "aria-label", description());
    page.open("div", "class", "area", "tabindex", "0");
    drawing(page, across);
    page.close();
    labels(page, across);
    page.close(2);
  }

  private Scale epochs() {
    double first = lines.stream().mapToDouble(l -> l.x()[0]).min().orElse(0);
    double last = lines.stream().mapToDouble(l -> l.x()[l.x().length - 1]).max().orElse(1);
    return first < last ? Scale.of(first, last) : Scale.of(first - 1, first + 1);
  }

  private void caption(Html page) {
    page.open("figcaption").element("b", title).text(" ").element("span", explanation);
    if (!keys.isEmpty()) {
      page.open("span", "class", "keys");
      for (String[] key : keys) {
        page.open("span").element("i", "", "class", "key " + key[0]).text(key[1]).close();
      }
      page.close();
    }
    page.close();
  }

  private void drawing(Html page, Scale across) {
    page.open(
        "svg",
        "viewBox",
        "0 0 1000 1000",
        "preserveAspectRatio",
        "none",
        "aria-hidden",
        "true",
        "data-x",
        across.low() + " " + across.high());
    page.open("path", "class", "grid", "d", grid()).close();
    if (isWithin(mark, up)) {
      page.open("path", "class", "mark", "d", "M0 " + units(mark) + "H1000").close();
    }
    if (isWithin(place, across)) {
      page.open("path", "class", "mark", "d", "M%d 0V1000".formatted(units(place, across))).close();
    }
    for (Line line : lines) {
      page.open(
              "path",
              "class",
              "line " + line.look(),
              "data-run",
              line.run(),
              "data-column",
              line.column(),
              "data-label",
              line.label(),
              "d",
              line.path(across, up))
          .close();
    }
    page.close();
  }

  private String grid() {
    return up.ticks().stream()
        .map(tick -> "M0 " + units(tick) + "H1000")
        .collect(Collectors.joining());
  }

  private static boolean isWithin(double value, Scale scale) {
    return scale.place(value) >= 0 && scale.place(value) <= 1;
  }

  private static long units(double value, Scale across) {
    return Math.round(1000 * across.place(value));
  }

  private long units(double value) {
    return Math.round(1000 * (1 - up.place(value)));
  }

  private void labels(Html page, Scale across) {
    for (double tick : up.ticks()) {
      page.element(
          "span", format.apply(tick), "class", "y", "style", at("top", 1 - up.place(tick)));
    }
    for (double tick : across.isLogarithmic() ? across.ticks() : across.wholeTicks(X_TICKS)) {
      String text = across.isLogarithmic() ? Figures.tick(tick) : Figures.count(Math.round(tick));
      page.element("span", text, "class", "x", "style", at("left", across.place(tick)));
    }
    if (isWithin(mark, up)) {
      page.element("span", markLabel, "class", "goal", "style", at("top", 1 - up.place(mark)));
    }
  }

  private static String at(String side, double share) {
    return String.format(Locale.ROOT, "--%s:%.4f", side, share);
  }

  /** What the chart says, in words. */
  private String description() {
    String first =
        lines.stream()
            .limit(MOST_DESCRIBED)
            .map(line -> line.label() + " " + change(line.y()))
            .collect(Collectors.joining("; "));
    int others = lines.size() - MOST_DESCRIBED;
    return title
        + " by "
        + by
        + ". "
        + first
        + (others > 0 ? "; and " + others + " more" : "")
        + ".";
  }

  private String change(double[] values) {
    double[] known = Arrays.stream(values).filter(Double::isFinite).toArray();
    if (known.length == 0) {
      return "without values";
    }
    return "from " + format.apply(known[0]) + " to " + format.apply(known[known.length - 1]);
  }
}
