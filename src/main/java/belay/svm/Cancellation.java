package belay.svm;

import belay.error.StoppedException;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Whether the SVM was told to stop. Long loops ask it often, and it logs their progress now and
 * then. Any thread may ask.
 */
final class Cancellation {
  private static final System.Logger LOG = System.getLogger("belay.svm");
  private static final long LOG_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final BooleanSupplier stop;
  private final AtomicLong nextLog = new AtomicLong(System.nanoTime() + LOG_NANOS);

  Cancellation(BooleanSupplier stop) {
    this.stop = stop;
  }

  /**
   * @throws StoppedException if the stop signal was heard
   */
  void check() {
    if (stop.getAsBoolean() || Thread.currentThread().isInterrupted()) {
      throw new StoppedException("Stopped in the SVM; the same command starts this stage again.");
    }
  }

  /**
   * @param line what to log if the last line is a few seconds old
   * @throws StoppedException if the stop signal was heard
   */
  void check(Supplier<String> line) {
    check();
    long due = nextLog.get();
    long now = System.nanoTime();
    if (now - due >= 0 && nextLog.compareAndSet(due, now + LOG_NANOS)) {
      LOG.log(Level.INFO, line);
    }
  }
}
