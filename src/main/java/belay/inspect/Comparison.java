package belay.inspect;

import belay.error.DataException;
import belay.hdf.Hdf5Reader;
import belay.log.Secrets;
import belay.view.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Two files of one kind, or two runs, beside one another, bit by bit. */
public final class Comparison {
  private static final String EQUAL = "equal bit by bit";
  private static final String DIFFERS = "differs";

  /** What clocks decide. */
  private static final Set<String> TIMES =
      Set.of(
          "/metrics/seconds",
          "/metrics/images_per_second",
          "/metrics/evaluation_seconds",
          "/metrics/ended",
          "/progress@epoch_seconds");

  /** What is no result: who made the file, when, and what it was told. */
  private static final Set<String> CIRCUMSTANCES = Set.of("times", "/configuration", "/provenance");

  private static final Map<String, String> NAMES =
      Map.of("/", "header", "/optimizer", "moments", "/metrics", "losses");

  /** More values than this are compared by their digest alone. */
  private static final long MOST_VALUES = 1 << 25;

  private Comparison() {}

  /**
   * Two runs by all that they have come to; a run beside a file by its newest checkpoint.
   *
   * @param first a file or a run directory
   * @param second the same
   * @throws DataException if one is missing, damaged or of another kind
   */
  public static Sheet of(Path first, Path second) {
    return Files.isDirectory(first) && Files.isDirectory(second)
        ? RunComparison.of(first, second)
        : ofFiles(RunSheet.file(first), RunSheet.file(second));
  }

  static Sheet ofFiles(Path first, Path second) {
    try (Hdf5Reader a = Hdf5Reader.open(first);
        Hdf5Reader b = Hdf5Reader.open(second)) {
      String kind = a.text("/", "format");
      if (!b.text("/", "format").equals(kind)) {
        throw b.problem("is a %s, %s is a %s".formatted(b.text("/", "format"), first, kind));
      }
      a.verify();
      b.verify();
      Map<String, String> groups = groups(a, b);
      Map<String, String> verdict = new LinkedHashMap<>();
      verdict.put("all", verdict(groups));
      verdict.putAll(groups);
      return new Sheet()
          .facts("files", new TreeMap<>(Map.of("a", first, "b", second)))
          .facts("verdict", verdict)
          .different(
              groups.keySet().stream()
                  .anyMatch(group -> isResult(group) && DIFFERS.equals(groups.get(group))))
          .table("configuration", texts("/configuration", a, b))
          .table("provenance", texts("/provenance", a, b))
          .table("attributes", attributes(a, b))
          .table("datasets that differ", datasets(a, b));
    }
  }

  private static boolean isResult(String group) {
    return !CIRCUMSTANCES.contains(group);
  }

  /** In one line: "equal: losses, moments, weights; different: times". */
  private static String verdict(Map<String, String> groups) {
    return Stream.of(EQUAL, DIFFERS)
        .filter(groups::containsValue)
        .map(
            word ->
                (word.equals(EQUAL) ? "equal: " : "different: ")
                    + groups.keySet().stream()
                        .filter(group -> groups.get(group).equals(word))
                        .map(group -> NAMES.getOrDefault(group, group.replace("/", "")))
                        .sorted()
                        .collect(Collectors.joining(", ")))
        .collect(Collectors.joining("; "));
  }

  /** For each group whether all its bits are equal, datasets and attributes. */
  private static SortedMap<String, String> groups(Hdf5Reader a, Hdf5Reader b) {
    SortedMap<String, String> groups = new TreeMap<>();
    for (String dataset : union(a.datasets(), b.datasets())) {
      merge(groups, dataset, same(dataset, a, b));
    }
    for (String object : union(a.described(), b.described())) {
      SortedMap<String, String> left = a.attributes(object);
      SortedMap<String, String> right = b.attributes(object);
      for (String name : union(left.keySet(), right.keySet())) {
        boolean isSame = left.containsKey(name) && left.get(name).equals(right.get(name));
        merge(groups, object + "@" + name, isSame);
      }
    }
    return groups;
  }

  private static void merge(Map<String, String> groups, String place, boolean isSame) {
    String group = TIMES.contains(place) ? "times" : "/" + place.split("[/@]")[1];
    groups.merge(group, isSame ? EQUAL : DIFFERS, (x, y) -> x.equals(EQUAL) ? y : x);
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
