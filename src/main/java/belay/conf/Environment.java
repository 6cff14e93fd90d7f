package belay.conf;

import belay.conf.settings.Entry;
import belay.conf.settings.Key;
import belay.conf.settings.Keys;
import belay.conf.settings.Problems;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** BELAY_TRAIN_BATCH=64 for train.batch = 64; an empty variable counts as not set. */
final class Environment {
  private static final String PREFIX = Key.PREFIX;
  static final String SITE = "BELAY_SITE";

  /** Read by the jobs, the environment modules and the tests, and no keys. */
  private static final Set<String> RESERVED =
      Set.of(
          SITE,
          "BELAY_HOME",
          "BELAY_JAR",
          "BELAY_JAVA",
          "BELAY_JAVA_OPTS",
          "BELAY_MODULES",
          "BELAY_ENVIRONMENT",
          "BELAY_TMPDIR",
          "BELAY_JOB_BEGAN",
          "BELAY_LOCAL_JOB",
          "BELAY_LOCAL_CPUS",
          "BELAY_REQUEUE",
          "BELAY_NOTIFY",
          "BELAY_LAST_STAGE",
          "BELAY_BUSY_SECONDS");

  private static final String TESTS = "BELAY_TEST_";

  private Environment() {}

  static List<Entry> entries(Map<String, String> environment, Problems problems) {
    Map<String, String> keys = new HashMap<>();
    Keys.all().forEach(key -> keys.put(key.environmentName(), key.name()));
    List<Entry> entries = new ArrayList<>();
    // Sorted, so that the same problems are told in the same order.
    new TreeMap<>(environment)
        .forEach(
            (name, value) -> {
              if (keys.containsKey(name) && !value.isBlank()) {
                entries.add(new Entry(keys.get(name), value.strip(), "environment " + name));
              } else if (name.startsWith(PREFIX) && !keys.containsKey(name) && !reserved(name)) {
                problems.add(unknown(name, keys));
              }
            });
    return entries;
  }

  private static boolean reserved(String name) {
    return RESERVED.contains(name) || name.startsWith(TESTS);
  }

  private static String unknown(String name, Map<String, String> keys) {
    // The prefix that all have in common would make strangers look alike.
    List<String> tails = keys.keySet().stream().map(Environment::tail).sorted().toList();
    return "environment variable "
        + Problems.quote(name)
        + " is unknown"
        + Spelling.nearest(tail(name), tails)
            .map(guess -> ", did you mean " + PREFIX + guess + "?")
            .orElse("; unset it, or see belay config for all keys");
  }

  private static String tail(String name) {
    return name.substring(PREFIX.length());
  }
}
