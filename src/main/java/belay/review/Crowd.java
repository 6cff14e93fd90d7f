package belay.review;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Threads that wait for files: on a shared file system many at once take no longer than one. */
final class Crowd implements AutoCloseable {
  private static final int THREADS = 16;

  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          THREADS,
          work -> {
            Thread thread = new Thread(work, "review");
            thread.setDaemon(true);
            return thread;
          });

  /** Applies a function to each; results in the order of the inputs. */
  <A, B> List<B> each(List<A> inputs, Function<A, B> function) {
    List<Future<B>> futures = new ArrayList<>();
    inputs.forEach(input -> futures.add(threads.submit(() -> function.apply(input))));
    List<B> results = new ArrayList<>();
    for (Future<B> future : futures) {
      results.add(result(future));
    }
    return results;
  }

  private static <B> B result(Future<B> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException problem) {
        throw problem;
      }
      if (e.getCause() instanceof Error error) {
        throw error; // such as a heap that is too small
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
