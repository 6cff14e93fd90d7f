package belay.features;

import belay.hdf.FloatRows;
import belay.hdf.Hdf5Object;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Two buffers that take turns: while the disk takes one, the encoder fills the other. */
final class OverlappedRows implements AutoCloseable {
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread writer = new Thread(task, "feature-writer");
            writer.setDaemon(true);
            return writer;
          });
  private final FloatRows rows;
  private final float[][] buffers;
  private final Future<?>[] writing = {null, null};
  private int turn;

  /**
   * @param size of a buffer
   */
  OverlappedRows(FloatRows rows, int size) {
    this.rows = rows;
    this.buffers = new float[][] {new float[size], new float[size]};
  }

  /** A buffer that is free to be filled. */
  float[] next() throws IOException {
    turn ^= 1;
    await(turn);
    return buffers[turn];
  }

  /** Begins to write the buffer that {@link #next} gave last. */
  void write(int count) {
    float[] buffer = buffers[turn];
    writing[turn] =
        thread.submit(
            () -> {
              rows.write(buffer, 0, count);
              return null;
            });
  }

  /** Waits for the disk. */
  Hdf5Object end() throws IOException {
    await(0);
    await(1);
    return rows.end();
  }

  /** Returns when nothing is being written any more. */
  @Override
  public void close() {
    thread.shutdown();
    for (Future<?> pending : writing) {
      try {
        join(pending);
      } catch (IOException e) {
        // Whoever closes early has a better reason to tell.
      }
    }
  }

  private void await(int buffer) throws IOException {
    join(writing[buffer]);
    writing[buffer] = null;
  }

  private static void join(Future<?> pending) throws IOException {
    try {
      if (pending != null) {
        pending.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException disk) {
        throw disk;
      }
      throw new IllegalStateException("Writing features failed", e.getCause());
    } catch (InterruptedException e) {
      throw new IllegalStateException("Nobody interrupts an extraction", e);
    }
  }
}
