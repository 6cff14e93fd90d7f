package belay.backend.onednn.dnnl;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that call oneDNN. OpenMP is told on each of them that teams have one thread, so that
 * a primitive never runs on more than the thread that executes it.
 */
public final class Crew implements AutoCloseable {
  /** Work on one of several pieces. */
  public interface Task {
    /**
     * @param worker 0 to workers - 1; no two tasks run on the same worker at once
     * @param index which piece
     */
    void run(int worker, int index);
  }

  private static final AtomicInteger CREWS = new AtomicInteger();

  private final int workers;
  private final ExecutorService threads;

  public Crew(int workers) {
    this.workers = workers;
    String name = "onednn-" + CREWS.getAndIncrement() + "-";
    AtomicInteger number = new AtomicInteger();
    this.threads =
        Executors.newFixedThreadPool(
            workers, work -> thread(work, name + number.getAndIncrement()));
  }

  private static Thread thread(Runnable work, String name) {
    Runnable alone =
        () -> {
          Dnnl.omp_set_num_threads(1);
          work.run();
        };
    Thread thread = new Thread(alone, name);
    thread.setDaemon(true);
    return thread;
  }

  public int workers() {
    return workers;
  }

  /** Runs work on one of the threads and waits for it. */
  public <T> T call(Callable<T> work) {
    return await(threads.submit(work));
  }

  /**
   * Runs tasks 0 to count - 1, begun in this order. When one fails no more are begun, and the
   * failure leaves only after those under way have ended: they write to memory that the caller then
   * frees.
   */
  public void forEach(int count, Task task) {
    AtomicInteger next = new AtomicInteger();
    Failure failure = new Failure();
    List<Future<?>> running = new ArrayList<>();
    try {
      for (int worker = 0; worker < Math.min(workers, count); worker++) {
        int self = worker;
        running.add(threads.submit(() -> work(self, count, next, task, failure)));
      }
    } catch (RuntimeException | Error e) { // for example no memory for another thread
      next.set(count);
      failure.note(e);
    }
    running.forEach(Crew::await);
    failure.rethrow();
  }

  private static void work(int worker, int count, AtomicInteger next, Task task, Failure failure) {
    try {
      for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
        task.run(worker, i);
      }
    } catch (RuntimeException | Error e) {
      next.set(count);
      failure.note(e);
    }
  }

  /** The first of several failures, with the others behind it. */
  private static final class Failure {
    private Throwable first;

    synchronized void note(Throwable next) {
      if (first == null) {
        first = next;
      } else if (first != next) { // the JVM keeps an OutOfMemoryError for several uses
        first.addSuppressed(next);
      }
    }

    synchronized void rethrow() {
      if (first != null) {
        throw rethrown(first);
      }
    }
  }

  /** Waits also when interrupted: native code would go on writing to memory of the caller. */
  private static <T> T await(Future<T> future) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw rethrown(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException rethrown(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException e ? e : new IllegalStateException(cause);
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
