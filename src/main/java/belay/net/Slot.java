package belay.net;

/** A vector with a value for each parameter that an update rule keeps from step to step. */
public enum Slot {
  /** Momentum, or the mean of gradients. */
  FIRST_MOMENT,

  /** The mean of squared gradients: not negative. */
  SECOND_MOMENT
}
