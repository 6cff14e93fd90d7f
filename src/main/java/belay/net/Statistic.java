package belay.net;

/**
 * One vector of values that training observes instead of optimising: a running mean or variance.
 * Statistics follow the parameters in the network's weights, so that whoever keeps the weights
 * keeps them too.
 *
 * @param name operation and word, for example norm1/mean
 * @param size one value for each channel
 * @param offset index of the first value in the weights
 */
public record Statistic(String name, Kind kind, int size, int offset) {
  /** What is observed. */
  public enum Kind {
    MEAN,

    /** Not negative. */
    VARIANCE
  }

  /** Every value before training: normalisation then changes nothing. */
  public float initial() {
    return switch (kind) {
      case MEAN -> 0;
      case VARIANCE -> 1;
    };
  }

  /** One past the last value in the weights. */
  public int end() {
    return offset + size;
  }
}
