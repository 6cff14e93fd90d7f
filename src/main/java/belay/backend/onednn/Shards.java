package belay.backend.onednn;

import belay.backend.StopFlag;
import belay.backend.onednn.dnnl.Crew;

/**
 * A minibatch cut into shards of fixed size, which run side by side; what they found is collected
 * in their order.
 */
record Shards(Crew crew, int size, int images, StopFlag stop) {
  /** Works on one shard. */
  interface Work {
    /**
     * @param from first image
     * @param to one past the last
     * @return collects the result; called in the order of shards, one at a time
     */
    Runnable run(int worker, int from, int to);
  }

  /**
   * @throws belay.error.StoppedException if asked to stop before a shard; no work is under way then
   */
  void run(Work work) {
    Turn turn = new Turn();
    crew.forEach(
        (images + size - 1) / size,
        (worker, index) -> {
          try {
            stop.check();
            int from = index * size;
            Runnable collect = work.run(worker, from, Math.min(images, from + size));
            turn.pass(index, collect);
          } catch (RuntimeException | Error e) {
            turn.breakOff();
            throw e;
          }
        });
  }
}
