package belay.view;

import belay.log.Printable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Rows under headings, for a terminal or as records for JSON and CSV. A terminal shows whole
 * numbers in groups of three digits, others with five significant digits, and columns of numbers
 * aligned right; records keep every digit. Text in percent counts as a number.
 */
public final class Table {
  private static final String GAP = "  ";

  private final List<String> headings;
  private final List<List<Object>> rows = new ArrayList<>();

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
    rows.add(Arrays.asList(cells.clone()));
    return this;
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** The rows as maps from heading to cell, in order. */
  public List<Map<String, Object>> records() {
    List<Map<String, Object>> records = new ArrayList<>();
    for (List<Object> row : rows) {
      Map<String, Object> cells = new LinkedHashMap<>();
      for (int c = 0; c < headings.size(); c++) {
        cells.put(headings.get(c), row.get(c));
      }
      records.add(cells);
    }
    return records;
  }

  /**
   * A line for the headings and one for each row, as RFC 4180 has them; an empty cell for null.
   *
   * @param end of each line
   */
  public String csv(String end) {
    StringBuilder text = new StringBuilder(csv(headings)).append(end);
    rows.forEach(row -> text.append(csv(row)).append(end));
    return text.toString();
  }

  private static String csv(List<?> cells) {
    return cells.stream().map(Table::quoted).collect(Collectors.joining(","));
  }

  private static String quoted(Object cell) {
    String text = cell == null ? "" : cell.toString();
    return text.matches("[^\",\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  /** A line for the headings and one for each row, every one ended by a line break. */
  public String text() {
    List<List<String>> shown = new ArrayList<>();
    rows.forEach(row -> shown.add(row.stream().map(Table::shown).toList()));
    List<Column> columns = new ArrayList<>();
    for (int c = 0; c < headings.size(); c++) {
      columns.add(Column.of(headings.get(c), c, shown));
    }
    StringBuilder text = new StringBuilder(line(headings, columns));
    shown.forEach(row -> text.append(line(row, columns)));
    return text.toString();
  }

  private static String shown(Object cell) {
    if (cell == null) {
      return "";
    }
    if (cell instanceof Integer || cell instanceof Long) {
      return String.format(Locale.ROOT, "%,d", cell);
    }
    boolean isReal = cell instanceof Double || cell instanceof Float;
    return isReal ? String.format(Locale.ROOT, "%.5g", cell) : Printable.line(cell.toString());
  }

  private static String line(List<String> cells, List<Column> columns) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < columns.size(); c++) {
      line.append(c == 0 ? "" : GAP).append(columns.get(c).padded(cells.get(c)));
    }
    return line.toString().stripTrailing() + "\n";
  }

  private record Column(int width, boolean isNumeric) {
    static Column of(String heading, int index, List<List<String>> rows) {
      List<String> cells = rows.stream().map(row -> row.get(index)).toList();
      int widest = cells.stream().mapToInt(String::length).max().orElse(0);
      boolean isNumeric = !cells.isEmpty() && cells.stream().allMatch(Table::isNumber);
      return new Column(Math.max(heading.length(), widest), isNumeric);
    }

    String padded(String cell) {
      String padding = " ".repeat(width - cell.length());
      return isNumeric ? padding + cell : cell + padding;
    }
  }

  private static boolean isNumber(String shown) {
    return shown.matches("|-|[-+]?[0-9][0-9,.]*(e[-+]?[0-9]+)?( ?%)?|NaN|-?Infinity");
  }
}
