package belay.console;

import java.util.logging.Filter;
import java.util.logging.LogRecord;

/** Lets progress into a log only after some time in which nothing was said. */
final class Pace implements Filter {
  private final long silence; // ns
  private long last = System.nanoTime();

  Pace(int seconds) {
    this.silence = seconds * 1_000_000_000L;
  }

  @Override
  public synchronized boolean isLoggable(LogRecord record) {
    long now = System.nanoTime();
    boolean isWanted = Logging.progress(record).isEmpty() || now - last >= silence;
    last = isWanted ? now : last;
    return isWanted;
  }
}
