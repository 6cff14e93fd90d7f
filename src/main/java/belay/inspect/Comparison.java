package belay.inspect;

import belay.error.DataException;
import belay.hdf.Hdf5Reader;
import belay.log.Secrets;
import belay.report.Table;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;

/** Two files of one kind beside one another, bit by bit. */
public final class Comparison {
  /** More values than this are compared by their digest alone. */
  private static final long MOST_VALUES = 1 << 25;

  private Comparison() {}

  /**
   * @param first a file, or a run directory for its newest checkpoint
   * @param second the same
   * @throws DataException if one is missing, damaged or of another kind
   */
  public static Sheet of(Path first, Path second) {
    try (Hdf5Reader a = Hdf5Reader.open(RunSheet.file(first));
        Hdf5Reader b = Hdf5Reader.open(RunSheet.file(second))) {
      String kind = a.text("/", "format");
      if (!b.text("/", "format").equals(kind)) {
        throw b.problem("is a %s, %s is a %s".formatted(b.text("/", "format"), first, kind));
      }
      a.verify();
      b.verify();
      return new Sheet()
          .facts(
              "files", new TreeMap<>(Map.of("a", RunSheet.file(first), "b", RunSheet.file(second))))
          .facts("verdict", verdict(a, b))
          .table("configuration", texts("/configuration", a, b))
          .table("provenance", texts("/provenance", a, b))
          .table("attributes", attributes(a, b))
          .table("datasets that differ", datasets(a, b));
    }
  }

  /** For each group of datasets whether all its bits are equal. */
  private static Map<String, String> verdict(Hdf5Reader a, Hdf5Reader b) {
    SortedMap<String, String> verdict = new TreeMap<>();
    for (String dataset : union(a.datasets(), b.datasets())) {
      String group = "/" + dataset.split("/")[1];
      verdict.merge(group, same(dataset, a, b) ? "equal bit by bit" : "differs", Comparison::worse);
    }
    return verdict;
  }

  private static String worse(String one, String other) {
    return one.equals("differs") ? one : other;
  }

  private static boolean same(String dataset, Hdf5Reader a, Hdf5Reader b) {
    return a.has(dataset)
        && b.has(dataset)
        && a.shape(dataset).equals(b.shape(dataset))
        && a.sha256(dataset).equals(b.sha256(dataset));
  }

  private static Table texts(String group, Hdf5Reader a, Hdf5Reader b) {
    Table table = new Table("key", "a", "b");
    SortedMap<String, String> left = Secrets.hide(a.attributes(group));
    SortedMap<String, String> right = Secrets.hide(b.attributes(group));
    for (String key : union(left.keySet(), right.keySet())) {
      if (!left.getOrDefault(key, "").equals(right.getOrDefault(key, ""))) {
        table.row(key, left.get(key), right.get(key));
      }
    }
    return table;
  }

  private static Table attributes(Hdf5Reader a, Hdf5Reader b) {
    Table table = new Table("attribute", "a", "b");
    for (String object : union(a.described(), b.described())) {
      if (!object.equals("/configuration") && !object.equals("/provenance")) {
        texts(object, a, b)
            .records()
            .forEach(row -> table.row(object + "@" + row.get("key"), row.get("a"), row.get("b")));
      }
    }
    return table;
  }

  private static Table datasets(Hdf5Reader a, Hdf5Reader b) {
    Table table = new Table("dataset", "values", "different", "largest-difference", "note");
    for (String dataset : union(a.datasets(), b.datasets())) {
      if (!a.has(dataset) || !b.has(dataset)) {
        table.row(dataset, null, null, null, "only in " + (a.has(dataset) ? "a" : "b"));
      } else if (!a.shape(dataset).equals(b.shape(dataset))) {
        table.row(dataset, null, null, null, a.shapeText(dataset) + " and " + b.shapeText(dataset));
      } else if (!same(dataset, a, b)) {
        difference(table, dataset, a, b);
      }
    }
    return table;
  }

  private static void difference(Table table, String dataset, Hdf5Reader a, Hdf5Reader b) {
    long values = a.shape(dataset).stream().reduce(1L, (x, y) -> x * y);
    String type = a.type(dataset);
    if (!type.equals("float32") || !b.type(dataset).equals(type) || values > MOST_VALUES) {
      table.row(dataset, values, null, null, "");
      return;
    }
    float[] left = a.floats(dataset);
    float[] right = b.floats(dataset);
    double largest =
        LongStream.range(0, values)
            .mapToDouble(i -> Math.abs((double) left[(int) i] - right[(int) i]))
            .max()
            .orElse(0);
    long different =
        LongStream.range(0, values)
            .filter(
                i ->
                    Float.floatToRawIntBits(left[(int) i])
                        != Float.floatToRawIntBits(right[(int) i]))
            .count();
    table.row(dataset, values, different, largest, "");
  }

  private static SortedSet<String> union(Set<String> some, Set<String> others) {
    SortedSet<String> all = new TreeSet<>(some);
    all.addAll(others);
    return all;
  }
}
