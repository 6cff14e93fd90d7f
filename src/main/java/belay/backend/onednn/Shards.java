package belay.backend.onednn;

/**
 * A minibatch cut into shards of fixed size, which run side by side; what they found is collected
 * in their order.
 */
record Shards(Crew crew, int size, int images) {
  /** Works on one shard. */
  interface Work {
    /**
     * @param from first image
     * @param to one past the last
     * @return collects the result; called in the order of shards, one at a time
     */
    Runnable run(int worker, int from, int to);
  }

  void run(Work work) {
    Turn turn = new Turn();
    crew.forEach(
        (images + size - 1) / size,
        (worker, index) -> {
          try {
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
