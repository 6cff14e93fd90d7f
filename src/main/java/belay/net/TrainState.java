package belay.net;

/**
 * Everything that the next optimiser step depends on. Arrays are not copied; whoever holds a state
 * treats it as immutable.
 *
 * @param weights the parameter vector
 * @param firstMoment momentum (SGD) or mean of gradients (Adam), as long as weights
 * @param secondMoment mean of squared gradients (Adam), as long as weights; empty for SGD
 * @param step optimiser steps taken
 * @param lossSum sum over images of the mean squared error since the epoch began
 * @param lossImages images in that sum
 */
public record TrainState(
    float[] weights,
    float[] firstMoment,
    float[] secondMoment,
    long step,
    double lossSum,
    long lossImages) {

  /** The state before the first step: moments are zero. */
  public static TrainState initial(float[] weights, boolean secondMoment) {
    return new TrainState(
        weights, new float[weights.length], new float[secondMoment ? weights.length : 0], 0, 0, 0);
  }
}
