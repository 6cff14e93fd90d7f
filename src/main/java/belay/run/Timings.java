package belay.run;

import belay.svm.PartTimer;
import belay.view.Table;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Where the wall time of a process goes. Parts may lie within one another: each moment counts for
 * the innermost, so that all parts together are the whole. For use by one thread; work of other
 * threads stands apart.
 */
public final class Timings implements PartTimer {
  private final Map<String, Long> parts = new LinkedHashMap<>(); // ns
  private final Map<String, Long> behind = new LinkedHashMap<>(); // ns, on other threads

  /** In which a GPU, if there is one, is at work. */
  private static final Set<String> COMPUTING =
      Set.of(
          "train",
          "profile",
          "extract",
          "SVM scaling",
          "SVM selection",
          "SVM kernel",
          "SVM solver",
          "SVM prediction");

  private String part = "other";
  private final long began = System.nanoTime();
  private long since = began;

  /** When counting began, ns of System.nanoTime. */
  public long began() {
    return began;
  }

  @Override
  public <T> T of(String name, Supplier<T> work) {
    String outer = part;
    enter(name);
    try {
      return work.get();
    } finally {
      enter(outer);
    }
  }

  /** Counts time that was over before this object existed. */
  public void before(String name, long nanos) {
    parts.merge(name, nanos, Long::sum);
  }

  /** Counts work of another thread beside the parts. */
  synchronized void behind(String name, long nanos) {
    behind.merge(name, nanos, Long::sum);
  }

  private void enter(String name) {
    long now = System.nanoTime();
    parts.merge(part, now - since, Long::sum);
    part = name;
    since = now;
  }

  /** Seconds of all parts in which the device computed. */
  synchronized double computing() {
    enter(part);
    return 1e-9 * COMPUTING.stream().mapToLong(name -> parts.getOrDefault(name, 0L)).sum();
  }

  /** A row for each part, the total, and what went on behind them. */
  synchronized Table table() {
    enter(part);
    long total = parts.values().stream().mapToLong(Long::longValue).sum();
    Table table = new Table("part", "seconds", "share");
    parts.forEach((name, nanos) -> table.row(name, seconds(nanos), share(nanos, total)));
    table.row("total", seconds(total), share(total, total));
    behind.forEach((name, nanos) -> table.row("behind: " + name, seconds(nanos), null));
    return table;
  }

  /** The same on one line. */
  synchronized String line() {
    enter(part);
    return parts.entrySet().stream()
        .map(entry -> entry.getKey().replace(' ', '-') + "=" + seconds(entry.getValue()))
        .collect(Collectors.joining(" "));
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.2f", nanos * 1e-9);
  }

  private static String share(long nanos, long total) {
    return String.format(Locale.ROOT, "%.0f %%", 100.0 * nanos / Math.max(1, total));
  }
}
