package belay.conf.settings;

/**
 * One process a run directory.
 *
 * @param heartbeatSeconds between two signs of life of the owner
 * @param staleSeconds without a sign of life after which another process takes over; more than
 *     twice the heartbeat
 */
public record LeaseSettings(int heartbeatSeconds, int staleSeconds) {
  static LeaseSettings of(Values values) {
    return new LeaseSettings(
        values.get(Keys.LEASE_HEARTBEAT_SECONDS), values.get(Keys.LEASE_STALE_SECONDS));
  }
}
