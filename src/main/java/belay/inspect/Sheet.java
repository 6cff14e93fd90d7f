package belay.inspect;

import belay.log.Printable;
import belay.view.Table;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was found in a file, section by section: text for people, a map for JSON. */
public final class Sheet {
  private final Map<String, Object> sections = new LinkedHashMap<>();
  private int damaged;
  private boolean isDifferent;

  /** Named values; none is no section. */
  Sheet facts(String title, Map<String, ?> facts) {
    if (!facts.isEmpty()) {
      sections.put(title, facts);
    }
    return this;
  }

  /** Rows; none is no section. */
  Sheet table(String title, Table table) {
    if (!table.isEmpty()) {
      sections.put(title, table);
    }
    return this;
  }

  /** All sections of another sheet, whose titles then name it. */
  Sheet part(String name, Sheet other) {
    other.sections.forEach((title, section) -> sections.put(name + ": " + title, section));
    return this;
  }

  Sheet damaged(int files) {
    damaged = files;
    return this;
  }

  Sheet different(boolean is) {
    isDifferent = is;
    return this;
  }

  /** Whether two files were compared that hold different results. */
  public boolean isDifferent() {
    return isDifferent;
  }

  /** Files of a run that are not whole. */
  public int damaged() {
    return damaged;
  }

  /** A heading and its lines for each section, with an empty line between two. */
  public String text() {
    StringBuilder text = new StringBuilder();
    sections.forEach(
        (title, section) -> {
          text.append(text.isEmpty() ? "" : "\n").append(title).append('\n');
          lines(section).lines().forEach(line -> text.append("  ").append(line).append('\n'));
        });
    return text.toString();
  }

  private static String lines(Object section) {
    return section instanceof Table table ? table.text() : facts((Map<?, ?>) section);
  }

  private static String facts(Map<?, ?> facts) {
    int width = facts.keySet().stream().mapToInt(name -> name.toString().length()).max().orElse(0);
    StringBuilder lines = new StringBuilder();
    facts.forEach(
        (name, value) ->
            lines
                .append(Printable.line(("%-" + width + "s  %s").formatted(name, value).strip()))
                .append('\n'));
    return lines.toString();
  }

  /** Sections by title: objects, and lists of objects for tables. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    sections.forEach(
        (title, section) ->
            json.put(title, section instanceof Table table ? table.records() : section));
    return json;
  }
}
