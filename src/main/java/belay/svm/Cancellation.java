package belay.svm;

import belay.error.StoppedException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Whether the SVM was told to stop. Long loops ask it often, and it logs their progress now and
 * then. Any thread may ask.
 */
final class Cancellation {
  private static final System.Logger LOG = System.getLogger("belay.svm");
  private static final Duration USUAL_INTERVAL = Duration.ofSeconds(10);

  private final BooleanSupplier stop;
  private final long interval; // ns
  private final AtomicLong nextLog;

  Cancellation(BooleanSupplier stop) {
    this(stop, USUAL_INTERVAL);
  }

  /**
   * @param interval between two lines of progress
   */
  Cancellation(BooleanSupplier stop, Duration interval) {
    this.stop = stop;
    this.interval = interval.toNanos();
    this.nextLog = new AtomicLong(System.nanoTime() + this.interval);
  }

  /**
   * @throws StoppedException if the stop signal was heard
   */
  void check() {
    if (stop.getAsBoolean() || Thread.currentThread().isInterrupted()) {
      throw new StoppedException(
          "Stopped in the SVM, which keeps no checkpoint; the same command starts this stage from its beginning.");
    }
  }

  /**
   * @param line what to log if the last line is an interval old
   * @throws StoppedException if the stop signal was heard
   */
  void check(Supplier<String> line) {
    check();
    long due = nextLog.get();
    long now = System.nanoTime();
    if (now - due >= 0 && nextLog.compareAndSet(due, now + interval)) {
      LOG.log(Level.INFO, line);
    }
  }
}
