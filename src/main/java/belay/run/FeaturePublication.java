package belay.run;

import belay.features.FreshFeatures;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** features.h5 on its way to the disk while its content is used. */
final class FeaturePublication implements AutoCloseable {
  private final CompletableFuture<Void> publishing = new CompletableFuture<>();

  /**
   * @param whenSafe run when the file has appeared
   */
  FeaturePublication(StageRun run, FreshFeatures features, Runnable whenSafe) {
    Thread thread =
        new Thread(
            () -> {
              long began = System.nanoTime();
              try {
                features.publish(run.lease());
                whenSafe.run();
                publishing.complete(null);
              } catch (RuntimeException | Error e) {
                publishing.completeExceptionally(e);
              }
              run.bench().timings().behind("features.h5", System.nanoTime() - began);
            },
            "features.h5");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Returns when the file is safe.
   *
   * @throws belay.error.DataException if the disk refused it
   */
  void await() {
    try {
      publishing.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException problem ? problem : e;
    }
  }

  /** Returns when nothing is being written any more. */
  @Override
  public void close() {
    publishing.handle((done, problem) -> null).join();
  }
}
