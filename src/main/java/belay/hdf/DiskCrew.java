package belay.hdf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that read, write and digest large datasets, and the buffers that they pass around:
 * direct ones save a copy, but would wait for the collector to free them, so they are used again.
 */
final class DiskCrew {
  static final int BUFFER_BYTES = PieceDigest.PIECE_BYTES;

  private static final int COUNT =
      Math.max(2, Math.min(8, Runtime.getRuntime().availableProcessors()));

  static final Executor THREADS = threads(COUNT, "disk");

  /** Buffers that one dataset has on the way at most: one a thread, and one that is filled. */
  static final int BUFFERS = COUNT + 1;

  private static final BlockingQueue<ByteBuffer> FREE = new ArrayBlockingQueue<>(2 * BUFFERS);

  private DiskCrew() {}

  /** An empty buffer, little endian. */
  static ByteBuffer take() {
    ByteBuffer free = FREE.poll();
    return (free == null ? ByteBuffer.allocateDirect(BUFFER_BYTES) : free)
        .clear()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  static void giveBack(ByteBuffer buffer) {
    if (buffer.capacity() == BUFFER_BYTES) {
      FREE.offer(buffer);
    }
  }

  /** Daemons that end when there is nothing to do. */
  static Executor threads(int count, String name) {
    ThreadPoolExecutor crew =
        new ThreadPoolExecutor(
            count,
            count,
            5,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    crew.allowCoreThreadTimeOut(true);
    return crew;
  }

  /** Waits for the end, whatever it is: what a task uses must outlast it. */
  static void settle(CompletableFuture<?> task) {
    try {
      task.join();
    } catch (CompletionException e) {
      // Whoever wants the result learns of it.
    }
  }
}
