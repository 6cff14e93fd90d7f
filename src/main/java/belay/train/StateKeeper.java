package belay.train;

import belay.net.TrainState;

/** Keeps states from which training can go on. */
@FunctionalInterface
public interface StateKeeper {
  /**
   * Called between two steps: at every epoch's end, when a stop is requested, and every few
   * minutes.
   *
   * @param state not changed by anybody any more
   */
  void keep(TrainState state, Progress progress);
}
