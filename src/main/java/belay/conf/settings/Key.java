package belay.conf.settings;

import java.util.Locale;

/**
 * A name such as checkpoint.interval-seconds and what its value may be.
 *
 * @param isOfRun whether a run directory remembers it. Not keys that name files to write, programs
 *     to run or places to send to: whoever may write into the directory could choose them for
 *     others
 */
public record Key<T>(String name, Rule<T> rule, boolean isOfRun) {
  /** What the names of all environment variables begin with. */
  public static final String PREFIX = "BELAY_";

  /** BELAY_CHECKPOINT_INTERVAL_SECONDS for checkpoint.interval-seconds. */
  public String environmentName() {
    return PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** Allowed values, to be read after "must be". */
  public String range() {
    return rule.range();
  }

  /** Whether the key may have a value. */
  public boolean accepts(String value) {
    return rule.read(value).isPresent();
  }
}
