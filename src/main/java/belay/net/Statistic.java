package belay.net;

/**
 * One vector of values that training observes instead of optimising: a running mean or variance.
 * Statistics follow the parameters in the network's weights, so that whoever keeps the weights
 * keeps them too.
 *
 * @param name operation and word, for example norm1/mean
 * @param size one value for each channel
 * @param offset index of the first value in the weights
 * @param initial every value before training
 */
public record Statistic(String name, int size, int offset, float initial) {
  /** One past the last value in the weights. */
  public int end() {
    return offset + size;
  }
}
