package belay.backend;

/**
 * Stochastic weight averaging: the mean of the weights after each of the last epochs (Izmailov et
 * al. 2018, arXiv:1803.05407). Until the first of those ends the average follows the weights.
 *
 * @param count of epochs in the mean; 0 for no average
 * @param epochs of the whole training
 * @param stepsPerEpoch of this data set and minibatch
 * @param before steps that were taken beyond the finished ones of such epochs: in minibatches of
 *     another size, earlier in the run
 */
public record LastEpochs(int count, int epochs, long stepsPerEpoch, long before) {
  public static final LastEpochs NONE = new LastEpochs(0, 0, 1, 0);

  boolean isNone() {
    return count == 0;
  }

  /** What step t, from 1, adds of weights - average. */
  float share(long step) {
    long number = numberInMean(step);
    if (isNone() || number <= 1) {
      return 1;
    }
    return isEnd(step) ? 1f / number : 0;
  }

  /** Whether this step has ended an epoch that the mean has in it. */
  boolean isMeanAfter(long step) {
    return !isNone() && numberInMean(step) >= 1 && isEnd(step);
  }

  /** Of the step's epoch among those in the mean, from 1. */
  private long numberInMean(long step) {
    long epoch = (step - before + stepsPerEpoch - 1) / stepsPerEpoch;
    return epoch - Math.max(0, epochs - count);
  }

  private boolean isEnd(long step) {
    return (step - before) % stepsPerEpoch == 0;
  }
}
