package belay.svm.host;

import belay.error.StoppedException;
import belay.log.ProgressLine;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Whether the SVM was told to stop. Long loops ask it often, and it tells of their progress every
 * second. Any thread may ask.
 */
public final class StopCheck {
  private static final System.Logger LOG = System.getLogger("belay.svm");
  private static final long INTERVAL = TimeUnit.SECONDS.toNanos(1);

  private final BooleanSupplier stop;
  private final AtomicLong nextLine = new AtomicLong(System.nanoTime() + INTERVAL);

  public StopCheck(BooleanSupplier stop) {
    this.stop = stop;
  }

  /**
   * @throws StoppedException if the stop signal was heard
   */
  public void check() {
    if (stop.getAsBoolean() || Thread.currentThread().isInterrupted()) {
      throw new StoppedException(
          "Stopped in the SVM; the same command goes on with the problems that are left.");
    }
  }

  /**
   * @param line what to tell if the last line is a second old
   * @throws StoppedException if the stop signal was heard
   */
  public void check(Supplier<ProgressLine> line) {
    check();
    long due = nextLine.get();
    long now = System.nanoTime();
    if (now - due >= 0 && nextLine.compareAndSet(due, now + INTERVAL)) {
      LOG.log(Level.INFO, "{0}", line.get());
    }
  }
}
