package belay.review;

import belay.error.BelayException;
import belay.view.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

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

  /**
   * What was found.
   *
   * @param notes on values that stand beside one another and do not belong together, a line each
   * @param problems of runs, a line each: what could not be read is missing in the table
   */
  public record Found(Table table, List<String> notes, List<String> problems) {}

  /**
   * Reads of each run what the columns ask for.
   *
   * @throws belay.error.ConfigurationException if a column or condition is none
   * @throws belay.error.DataException if the directory cannot be read
   */
  public Found find() {
    List<Condition> wanted = conditions.stream().map(Condition::parse).toList();
    Map<String, RunColumn> all = needed(wanted);
    wanted.forEach(condition -> condition.check(all.get(condition.column())));
    try (Crowd crowd = new Crowd()) {
      List<Path> paths = new RunSearch(crowd).below(root);
      List<Row> rows = new ArrayList<>(crowd.each(paths, path -> row(new RunRecord(path), all)));
      refuseUnknown(all.values(), rows);
      List<String> problems = rows.stream().flatMap(row -> row.problems().stream()).toList();
      rows.removeIf(row -> !wanted.stream().allMatch(c -> c.holds(row.cell(c.column()))));
      if (sort != null) {
        rows.sort(order());
      }
      List<String> shown = shown(rows);
      Table table = new Table(shown.toArray(String[]::new));
      rows.forEach(row -> table.row(shown.stream().map(row::cell).toArray()));
      return new Found(table, rows.stream().flatMap(row -> row.note().stream()).toList(), problems);
    }
  }

  private List<String> shown(List<Row> rows) {
    List<String> shown = new ArrayList<>(columns);
    besides()
        .filter(column -> rows.stream().anyMatch(row -> row.cell(column) != null))
        .forEach(column -> shown.add(shown.indexOf("live-features"), column));
    return shown;
  }

  private Stream<String> besides() {
    return columns.equals(RunColumn.USUAL) ? RunColumn.BESIDE_USUAL.stream() : Stream.empty();
  }

  /** One unreadable file must not hide the other runs, nor the rest of its own. */
  private record Row(Map<String, Object> cells, Optional<String> note, Set<String> problems) {
    Object cell(String column) {
      return cells.get(column);
    }
  }

  /** A key that this version does not have must be one of some run. */
  private static void refuseUnknown(Collection<RunColumn> columns, List<Row> rows) {
    for (RunColumn column : columns) {
      if (!column.isKnown() && rows.stream().allMatch(row -> row.cell(column.name()) == null)) {
        throw RunColumn.unknown(column.name());
      }
    }
  }

  private Map<String, RunColumn> needed(List<Condition> wanted) {
    Set<String> names = new LinkedHashSet<>(columns);
    besides().forEach(names::add);
    wanted.forEach(condition -> names.add(condition.column()));
    if (sort != null) {
      names.add(sort);
    }
    Map<String, RunColumn> needed = new LinkedHashMap<>();
    names.forEach(name -> needed.put(name, RunColumn.named(name, root)));
    return needed;
  }

  private Row row(RunRecord run, Map<String, RunColumn> all) {
    Map<String, Object> cells = new LinkedHashMap<>();
    Set<String> problems = new LinkedHashSet<>(); // several columns may need the same file
    all.forEach(
        (name, column) ->
            cells.put(name, read(() -> column.value().apply(run), problems).orElse(null)));
    return new Row(cells, read(() -> note(run, cells), problems).flatMap(note -> note), problems);
  }

  private static <T> Optional<T> read(Supplier<T> part, Set<String> problems) {
    try {
      return Optional.ofNullable(part.get());
    } catch (BelayException e) {
      problems.add(e.getMessage());
      return Optional.empty();
    }
  }

  /** The accuracy belongs to the classifier, the loss to the network as it is now. */
  private Optional<String> note(RunRecord run, Map<String, Object> cells) {
    boolean isBoth = columns.contains("accuracy") && columns.contains("test-loss");
    if (!isBoth || cells.get("accuracy") == null) {
      return Optional.empty();
    }
    String name = RunColumn.relative(root, run.path());
    return run.lineage()
        .otherOrigin()
        .map(
            origin ->
                "%s: accuracy is %s, test-loss of epoch %s"
                    .formatted(name, origin, run.best().map(EpochLine::epoch).orElse(0)));
  }

  /** Runs without a value come last either way. */
  private Comparator<Row> order() {
    Comparator<Object> values = RunTable::compare;
    Comparator<Object> direction = isReversed ? values.reversed() : values;
    return Comparator.comparing(row -> row.cell(sort), Comparator.nullsLast(direction));
  }

  /** Numbers before texts: a key that was changed has several values. */
  private static int compare(Object a, Object b) {
    if (a instanceof Number x && b instanceof Number y) {
      return Double.compare(x.doubleValue(), y.doubleValue());
    }
    int kinds = Boolean.compare(b instanceof Number, a instanceof Number);
    return kinds != 0 ? kinds : a.toString().compareTo(b.toString());
  }
}
