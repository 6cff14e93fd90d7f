package belay.review;

import belay.error.DataException;
import belay.report.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The runs below a directory as a table.
 *
 * @param columns to show, in order
 * @param conditions that all must hold, as {@link Condition} reads them
 * @param sort column to sort by; null for the names' order
 * @param isReversed largest first
 */
public record RunTable(
    Path root, List<String> columns, List<String> conditions, String sort, boolean isReversed) {

  private static final System.Logger LOG = System.getLogger("belay.review");

  /**
   * Reads of each run what the columns ask for.
   *
   * @throws belay.error.ConfigurationException if a column or condition is none
   * @throws belay.error.DataException if the directory cannot be read
   */
  public Table table() {
    List<Condition> wanted = conditions.stream().map(Condition::parse).toList();
    Map<String, RunColumn> all = needed(wanted);
    try (Crowd crowd = new Crowd()) {
      List<Path> paths = new RunSearch(crowd).below(root);
      List<Map<String, Object>> rows =
          new ArrayList<>(crowd.each(paths, path -> row(new RunRecord(path), all)));
      rows.removeIf(row -> !wanted.stream().allMatch(c -> c.holds(row.get(c.column()))));
      if (sort != null) {
        rows.sort(order());
      }
      Table table = new Table(columns.toArray(String[]::new));
      rows.forEach(row -> table.row(columns.stream().map(row::get).toArray()));
      return table;
    }
  }

  private Map<String, RunColumn> needed(List<Condition> wanted) {
    Set<String> names = new LinkedHashSet<>(columns);
    wanted.forEach(condition -> names.add(condition.column()));
    if (sort != null) {
      names.add(sort);
    }
    Map<String, RunColumn> needed = new LinkedHashMap<>();
    names.forEach(name -> needed.put(name, RunColumn.named(name, root)));
    return needed;
  }

  private static Map<String, Object> row(RunRecord run, Map<String, RunColumn> columns) {
    Map<String, Object> row = new LinkedHashMap<>();
    columns.forEach((name, column) -> row.put(name, value(run, column)));
    return row;
  }

  /** One unreadable file must not hide the other runs. */
  private static Object value(RunRecord run, RunColumn column) {
    try {
      return column.value().apply(run);
    } catch (DataException e) {
      LOG.log(System.Logger.Level.WARNING, e.getMessage());
      return null;
    }
  }

  /** Runs without a value come last either way. */
  private Comparator<Map<String, Object>> order() {
    Comparator<Object> values = RunTable::compare;
    Comparator<Object> direction = isReversed ? values.reversed() : values;
    return Comparator.comparing(row -> row.get(sort), Comparator.nullsLast(direction));
  }

  private static int compare(Object a, Object b) {
    return a instanceof Number x && b instanceof Number y
        ? Double.compare(x.doubleValue(), y.doubleValue())
        : a.toString().compareTo(b.toString());
  }
}
