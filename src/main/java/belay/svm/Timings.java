package belay.svm;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Where the time goes, by part, in the order of first use. Not for several threads. */
public final class Timings {
  private final Map<String, Long> parts = new LinkedHashMap<>(); // ns

  public <T> T time(String part, Supplier<T> work) {
    long began = System.nanoTime();
    try {
      return work.get();
    } finally {
      add(part, System.nanoTime() - began);
    }
  }

  public void time(String part, Runnable work) {
    time(
        part,
        () -> {
          work.run();
          return null;
        });
  }

  private void add(String part, long nanos) {
    parts.merge(part, nanos, Long::sum);
  }

  /** Takes from one part what another one, timed within it, has taken. */
  public void exclude(String outer, String inner) {
    add(outer, -parts.getOrDefault(inner, 0L));
  }

  public double seconds(String part) {
    return parts.getOrDefault(part, 0L) * 1e-9;
  }

  /** As PART-seconds=1.234, separated by spaces. */
  @Override
  public String toString() {
    return parts.keySet().stream()
        .map(part -> String.format(Locale.ROOT, "%s-seconds=%.3f", part, seconds(part)))
        .collect(Collectors.joining(" "));
  }
}
