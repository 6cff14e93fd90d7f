package belay.review;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One command of those that make a run again.
 *
 * @param options words that follow the run
 * @param keys to set, by name
 */
record Step(String stage, List<String> options, Map<String, String> keys) {
  Step {
    options = List.copyOf(options);
    keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
  }
}
