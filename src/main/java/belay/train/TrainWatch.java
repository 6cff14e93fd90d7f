package belay.train;

/** Hears how training goes on; called on the training's thread, so every method returns at once. */
public interface TrainWatch {
  /** Hears nothing. */
  TrainWatch NONE = new TrainWatch() {};

  /**
   * An epoch begins, or goes on after a resume.
   *
   * @param epoch from 1
   */
  default void epochBegins(int epoch) {}

  /** A step has been queued: the one call that comes often. */
  default void step(int images, double learningRate) {}

  /**
   * Every second or so.
   *
   * @param meanLoss over the images of the epoch's steps so far
   */
  default void loss(double meanLoss) {}

  /** The steps of an epoch are done, the test images follow. */
  default void evaluationBegins(int epoch) {}

  default void epochEnds(EpochResult result) {}
}
