package belay.conf;

import java.util.Locale;

/** A name such as checkpoint.interval-seconds and what its value may be. */
record Key<T>(String name, Rule<T> rule) {
  /** BELAY_CHECKPOINT_INTERVAL_SECONDS for checkpoint.interval-seconds. */
  String environmentName() {
    return Environment.PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }
}
