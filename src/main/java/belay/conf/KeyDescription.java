package belay.conf;

import belay.conf.settings.Keys;

/**
 * What a user needs to know about a key.
 *
 * @param environmentName variable that sets it, such as BELAY_TRAIN_BATCH
 * @param range allowed values, to be read after "must be"
 * @param comment first line of its comment in belay.properties
 * @param isOfRun whether a run directory remembers it
 */
public record KeyDescription(
    String key,
    String environmentName,
    String defaultValue,
    String range,
    String comment,
    boolean isOfRun) {
  /** Whether the key may have a value. */
  public boolean accepts(String value) {
    return Keys.named(key).accepts(value);
  }
}
