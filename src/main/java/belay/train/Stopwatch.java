package belay.train;

/** Tells when an interval of wall time is over. */
final class Stopwatch {
  private final long interval; // ns
  private long began = System.nanoTime();

  /**
   * @param seconds 0 for an interval that never ends
   */
  Stopwatch(int seconds) {
    this.interval = seconds * 1_000_000_000L;
  }

  boolean isOver() {
    return interval > 0 && System.nanoTime() - began >= interval;
  }

  void restart() {
    began = System.nanoTime();
  }
}
