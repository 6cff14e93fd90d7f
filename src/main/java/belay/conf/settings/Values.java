package belay.conf.settings;

import belay.log.Printable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Texts of all keys, read by the keys' rules. */
public final class Values {
  private final Map<String, Entry> entries;

  public Values(Map<String, Entry> entries) {
    this.entries = entries;
  }

  /** Of a configuration that {@link #check} found nothing wrong with. */
  <T> T get(Key<T> key) {
    return find(key).orElseThrow();
  }

  private <T> Optional<T> find(Key<T> key) {
    return Optional.ofNullable(entries.get(key.name()))
        .flatMap(entry -> key.rule().read(entry.value()));
  }

  /** Reports every value out of its range, and values that do not go together. */
  public void check(Problems problems) {
    for (Key<?> key : Keys.all()) {
      Entry entry = entries.get(key.name());
      if (entry != null && !Printable.is(entry.value())) {
        problems.add(entry, "has a control character (in a file, write \\\\ for a backslash)");
      } else if (entry != null && find(key).isEmpty()) {
        problems.add(entry, "must be " + key.rule().range());
      }
    }
    checkLease(problems);
    checkShards(problems);
  }

  /** No shard may be empty in every step. */
  private void checkShards(Problems problems) {
    int shards = find(Keys.TRAIN_SHARDS).orElse(OptionalInt.empty()).orElse(1);
    Optional<Integer> batch = find(Keys.TRAIN_BATCH);
    if (batch.isPresent() && shards > batch.get()) {
      problems.add(
          entries.get(Keys.TRAIN_SHARDS.name()),
          "must be at most "
              + Problems.describe(entries.get(Keys.TRAIN_BATCH.name()))
              + ": raise that, or set train.shards to auto");
    }
  }

  /** A process must be able to miss one heartbeat without losing its run. */
  private void checkLease(Problems problems) {
    Optional<Integer> heartbeat = find(Keys.LEASE_HEARTBEAT_SECONDS);
    Optional<Integer> stale = find(Keys.LEASE_STALE_SECONDS);
    if (heartbeat.isPresent() && stale.isPresent() && stale.get() <= 2 * heartbeat.get()) {
      problems.add(
          entries.get(Keys.LEASE_STALE_SECONDS.name()),
          "must be more than twice "
              + Problems.describe(entries.get(Keys.LEASE_HEARTBEAT_SECONDS.name())));
    }
  }

  /**
   * What is said differently here of the keys that a run directory remembers; texts such as 1e-3
   * and 0.001 are equal.
   */
  public Map<String, Entry> differences(Values other) {
    Map<String, Entry> different = new LinkedHashMap<>();
    for (Key<?> key : Keys.all()) {
      if (key.isOfRun() && !find(key).equals(other.find(key))) {
        different.put(key.name(), entries.get(key.name()));
      }
    }
    return different;
  }
}
