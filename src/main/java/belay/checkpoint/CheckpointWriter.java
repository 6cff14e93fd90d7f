package belay.checkpoint;

import belay.error.BelayException;
import belay.error.DataException;
import belay.storage.Fence;
import belay.storage.PlainFile;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes checkpoints on a thread of its own, so that training does not wait for the disk.
 *
 * <p>At most one checkpoint waits while another is written. A newer one takes the place of a
 * waiting one from within an epoch; a waiting one from the end of an epoch is never dropped:
 * training waits then, which happens only where the disk is slower than an epoch.
 *
 * <p>When the disk refuses (full, quota), the checkpoints that are there stay, one WARN line says
 * so, training goes on, and the next checkpoint is the next attempt.
 */
public final class CheckpointWriter implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("belay.checkpoint");

  /** Who wants to know what is on disk: called on the writer's thread. */
  @FunctionalInterface
  public interface Written {
    /**
     * @throws IOException if following up failed; logged like a failed write
     */
    void accept(Path file, Checkpoint checkpoint) throws IOException;
  }

  private final Checkpoints checkpoints;
  private final Fence fence;
  private final Written written;
  private final Thread thread = new Thread(this::run, "checkpoint-writer");
  private Checkpoint waiting; // guarded by this, like the rest
  private boolean writing;
  private boolean closed;
  private Checkpoint refused; // the last one that the disk did not take, until a newer one is there
  private Throwable broken;
  private Totals totals = new Totals(0, 0, 0, 0);

  /**
   * What a writer has done so far.
   *
   * @param refusals by the disk
   */
  public record Totals(long written, double seconds, long bytes, long refusals) {
    private Totals plus(double moreSeconds, long moreBytes) {
      return new Totals(written + 1, seconds + moreSeconds, bytes + moreBytes, refusals);
    }

    private Totals plusRefusal() {
      return new Totals(written, seconds, bytes, refusals + 1);
    }
  }

  /**
   * Starts the thread.
   *
   * @param fence asked before a file appears; if the run belongs to another process by now, nothing
   *     is written any more and the next {@link #submit} says so
   */
  public CheckpointWriter(Checkpoints checkpoints, Fence fence, Written written) {
    this.checkpoints = checkpoints;
    this.fence = fence;
    this.written = written;
    thread.setDaemon(true); // a failed process must not hang on its writer
    thread.start();
  }

  public synchronized Totals totals() {
    return totals;
  }

  /** Checkpoints that wait or are being written, 0 to 2. */
  public synchronized int queue() {
    return (waiting == null ? 0 : 1) + (writing ? 1 : 0);
  }

  /** Hands over a checkpoint, whose arrays nobody may change any more. */
  public synchronized void submit(Checkpoint checkpoint) {
    while (waiting != null && waiting.name().isWhole() && broken == null) {
      await();
    }
    rethrow();
    if (closed) {
      throw new IllegalStateException("The writer is closed");
    }
    waiting = checkpoint;
    notifyAll();
  }

  /** Waits until everything that was handed over has been written, or refused by the disk. */
  public synchronized void flush() {
    while ((waiting != null || writing) && broken == null) {
      await();
    }
    rethrow();
  }

  /**
   * Writes what waits, tries a last time what the disk refused, and ends the thread.
   *
   * <p>Close it before you let a StoppedException out, whose exit code says that the state is safe:
   * at the end of a try-with-resources a failure here would only be added to that exception.
   *
   * @throws DataException if the newest checkpoint could not be written
   */
  @Override
  public void close() {
    try {
      flush();
      retry();
    } finally {
      end();
    }
  }

  private synchronized void end() {
    closed = true;
    notifyAll();
  }

  private void retry() {
    Checkpoint last;
    synchronized (this) {
      last = refused;
      refused = null;
    }
    if (last != null) {
      try {
        write(last);
      } catch (IOException e) {
        throw new DataException(
            "The last checkpoint is not saved: " + e.getMessage() + "; free space and resume", e);
      }
    }
  }

  private void run() {
    try {
      for (Checkpoint next = take(); next != null; next = take()) {
        attempt(next);
      }
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }

  private void attempt(Checkpoint checkpoint) {
    try {
      write(checkpoint);
      done(null);
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "Checkpoint not saved, the previous one stays and training goes on; the next attempt is"
              + " the next checkpoint: "
              + e.getMessage());
      done(checkpoint);
    }
  }

  private void write(Checkpoint checkpoint) throws IOException {
    long began = System.nanoTime();
    fence.check(); // before anything is made: the run directory may have been moved away
    Path file = checkpoints.file(checkpoint.name());
    PlainFile.directory(file.getParent());
    CheckpointFile.write(file, checkpoint, fence);
    double seconds = (System.nanoTime() - began) * 1e-9;
    LOG.log(Level.DEBUG, "checkpoint=%s seconds=%.3f".formatted(file, seconds));
    count(seconds, Files.size(file));
    follow(file, checkpoint);
  }

  private synchronized void count(double seconds, long bytes) {
    totals = totals.plus(seconds, bytes);
  }

  private void follow(Path file, Checkpoint checkpoint) {
    try {
      written.accept(file, checkpoint);
    } catch (IOException e) {
      LOG.log(Level.WARNING, file + " is saved, but its follow-up failed: " + e.getMessage());
    }
  }

  private synchronized Checkpoint take() {
    while (waiting == null && !closed) {
      await();
    }
    Checkpoint next = waiting;
    waiting = null;
    writing = next != null;
    notifyAll();
    return next;
  }

  private synchronized void done(Checkpoint notWritten) {
    writing = false;
    refused = notWritten;
    totals = notWritten == null ? totals : totals.plusRefusal();
    notifyAll();
  }

  private synchronized void fail(Throwable cause) {
    broken = cause;
    writing = false;
    notifyAll();
  }

  private void rethrow() {
    if (broken instanceof BelayException known) {
      throw known;
    }
    if (broken != null) {
      throw new IllegalStateException("The checkpoint writer failed", broken);
    }
  }

  private void await() {
    try {
      wait();
    } catch (InterruptedException e) {
      throw new IllegalStateException("Nobody interrupts a thread that handles checkpoints", e);
    }
  }
}
