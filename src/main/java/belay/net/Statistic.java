package belay.net;

/**
 * One vector of values that are observed instead of optimised: a running mean or variance, or what
 * was measured of the images before training. Statistics follow the parameters in the network's
 * weights, so that whoever keeps the weights keeps them too.
 *
 * @param name operation and word, for example batchnorm1/mean
 * @param size one value for each channel
 * @param offset index of the first value in the weights
 */
public record Statistic(String name, Kind kind, int size, int offset) {
  /** What is observed. */
  public enum Kind {
    MEAN,

    /** Not negative. */
    VARIANCE,

    /** Not negative. */
    DEVIATION
  }

  /** Every value before training: normalisation then changes nothing. */
  public float initial() {
    return switch (kind) {
      case MEAN -> 0;
      case VARIANCE, DEVIATION -> 1;
    };
  }

  /** One past the last value in the weights. */
  public int end() {
    return offset + size;
  }
}
