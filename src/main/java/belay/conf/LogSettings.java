package belay.conf;

/**
 * What is said on the way.
 *
 * @param intervalSeconds between two lines of progress
 */
public record LogSettings(int intervalSeconds) {
  static LogSettings of(Values values) {
    return new LogSettings(values.get(Keys.LOG_INTERVAL_SECONDS));
  }
}
