package belay.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows under headings, for a terminal or as records for JSON and CSV. Columns of numbers are
 * aligned right.
 */
public final class Table {
  private static final String GAP = "  ";

  private final List<String> headings;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * @param headings in lower case with hyphens, as keys are: they name the fields of a record too
   */
  public Table(String... headings) {
    this.headings = List.of(headings);
  }

  /** Adds a row; null is an empty cell. */
  public Table row(Object... cells) {
    if (cells.length != headings.size()) {
      throw new IllegalArgumentException(cells.length + " cells under " + headings);
    }
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(cell == null ? "" : cell.toString());
    }
    rows.add(row);
    return this;
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The rows as maps from heading to cell, in order. */
  public List<Map<String, String>> records() {
    List<Map<String, String>> records = new ArrayList<>();
    for (List<String> row : rows) {
      Map<String, String> cells = new LinkedHashMap<>();
      for (int c = 0; c < headings.size(); c++) {
        cells.put(headings.get(c), row.get(c));
      }
      records.add(cells);
    }
    return records;
  }

  /** A line for the headings and one for each row, every one ended by a line break. */
  public String text() {
    StringBuilder text = new StringBuilder();
    line(text, headings);
    rows.forEach(row -> line(text, row));
    return text.toString();
  }

  private void line(StringBuilder text, List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < cells.size(); c++) {
      String padding = " ".repeat(width(c) - cells.get(c).length());
      line.append(c == 0 ? "" : GAP);
      line.append(isNumeric(c) ? padding + cells.get(c) : cells.get(c) + padding);
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  private int width(int column) {
    return Math.max(
        headings.get(column).length(),
        rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0));
  }

  private boolean isNumeric(int column) {
    return !rows.isEmpty()
        && rows.stream()
            .map(row -> row.get(column))
            .allMatch(cell -> cell.matches("|-|[-+]?[0-9][0-9,.]*(e[-+]?[0-9]+)?( ?%)?"));
  }
}
