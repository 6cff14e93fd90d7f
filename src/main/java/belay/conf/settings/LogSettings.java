package belay.conf.settings;

/**
 * What is said on the way.
 *
 * @param intervalSeconds of silence before a line of progress
 * @param mlperf whether lines as MLPerf wants them go into RUN/mllog.txt
 */
public record LogSettings(int intervalSeconds, boolean mlperf) {
  static LogSettings of(Values values) {
    return new LogSettings(values.get(Keys.LOG_INTERVAL_SECONDS), values.get(Keys.LOG_MLPERF));
  }
}
