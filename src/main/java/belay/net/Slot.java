package belay.net;

/** A vector with a value for each parameter that training keeps from step to step. */
public enum Slot {
  /** Momentum, or the mean of gradients. */
  FIRST_MOMENT,

  /** The mean of squared gradients: not negative. */
  SECOND_MOMENT,

  /** Of gradients, over all steps: not negative. */
  SUM_OF_SQUARES,

  /** Moving average of the weights; no part of an update rule. */
  AVERAGE
}
