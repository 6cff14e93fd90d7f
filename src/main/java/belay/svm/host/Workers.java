package belay.svm.host;

import belay.error.StoppedException;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** Threads that share independent tasks. The first failure ends all of them. */
final class Workers {
  private final int threads;
  private final String name;

  /**
   * @param name of the threads
   */
  Workers(int threads, String name) {
    this.threads = threads;
    this.name = name;
  }

  /**
   * Runs the task for every index below {@code count}. Returns or throws when no thread works any
   * more: what the tasks use may then be closed.
   *
   * @throws RuntimeException or an Error, the first failure itself; the others are its suppressed
   *     ones
   * @throws StoppedException if this thread was interrupted
   */
  void forEach(int count, IntConsumer task) {
    ExecutorService workers = Executors.newFixedThreadPool(threads, this::thread);
    CompletionService<Void> done = new ExecutorCompletionService<>(workers);
    for (int i = 0; i < count; i++) {
      int index = i;
      done.submit(() -> task.accept(index), null);
    }
    Throwable failure = null;
    try {
      for (int i = 0; i < count && failure == null; i++) {
        failure = failure(done.take());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure = new StoppedException("Interrupted in the SVM; the same command starts it again.");
    } finally {
      end(workers);
    }
    if (failure != null) {
      throw unchecked(withOthers(failure, done));
    }
  }

  private Thread thread(Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  /** What a task that has ended threw, or null. */
  private static Throwable failure(Future<Void> ended) throws InterruptedException {
    try {
      ended.get();
      return null;
    } catch (ExecutionException e) {
      return e.getCause();
    }
  }

  private static Throwable withOthers(Throwable first, CompletionService<Void> done) {
    boolean interrupted = Thread.interrupted();
    try {
      for (Future<Void> ended = done.poll(); ended != null; ended = done.poll()) {
        Throwable other = failure(ended);
        if (other != null && other != first) { // the JVM may throw one OutOfMemoryError twice
          first.addSuppressed(other);
        }
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return first;
  }

  /** Tasks throw nothing checked, so that a failure passes as it is. */
  private static RuntimeException unchecked(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return (RuntimeException) failure;
  }

  private static void end(ExecutorService workers) {
    workers.shutdownNow();
    boolean interrupted = false;
    while (!workers.isTerminated()) {
      try {
        workers.awaitTermination(1, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
