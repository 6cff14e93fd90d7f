package belay.conf.settings;

/**
 * What survives a kill.
 *
 * @param intervalSeconds between checkpoints in the middle of an epoch; 0 for epoch ends and stop
 *     signals only
 * @param keep how many of the newest stay, besides the best
 */
public record CheckpointSettings(int intervalSeconds, int keep) {
  static CheckpointSettings of(Values values) {
    return new CheckpointSettings(
        values.get(Keys.CHECKPOINT_INTERVAL_SECONDS), values.get(Keys.CHECKPOINT_KEEP));
  }
}
