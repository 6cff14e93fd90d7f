package belay.backend.onednn;

import belay.backend.StopFlag;
import belay.backend.onednn.dnnl.Crew;
import java.util.List;
import java.util.function.Consumer;

/** The slices of a minibatch, which run side by side; what they found is collected in order. */
record Shards(Crew crew, StopFlag stop, List<Slice> slices) {
  /** Works on one slice. */
  interface Work {
    /**
     * @param collect does what it is given in the order of slices, one at a time
     */
    void run(Slice slice, Consumer<Runnable> collect);
  }

  /**
   * @throws belay.error.StoppedException if asked to stop before a slice; no work is under way then
   */
  void run(Work work) {
    Turn turn = new Turn();
    crew.forEach(
        slices.size(),
        (worker, index) -> {
          try {
            stop.check();
            work.run(slices.get(index), collect -> turn.pass(index, collect));
          } catch (RuntimeException | Error e) {
            turn.breakOff();
            throw e;
          }
        });
  }
}
