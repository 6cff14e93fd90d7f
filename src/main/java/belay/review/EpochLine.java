package belay.review;

import java.util.Map;

/**
 * A line of metrics.jsonl as the review reads it: of runs that older and newer versions wrote, so
 * that every part but the epoch's number may be missing.
 */
record EpochLine(
    int epoch,
    long step,
    Double trainLoss,
    Double testLoss,
    Double validationLoss,
    Double trainAccuracy,
    Double testAccuracy,
    Double validationAccuracy,
    Double liveFeatures,
    Double learningRate,
    Double seconds,
    Double imagesPerSecond,
    Double evaluationSeconds,
    Map<String, Double> updateRatio) {
  EpochLine {
    if (epoch < 1) {
      throw new IllegalArgumentException("epochs are counted from 1");
    }
  }

  static double orNone(Double value) {
    return value == null ? Double.NaN : value;
  }

  /** Files say null of what is not known, which is read as NaN. */
  static boolean isKnown(Double value) {
    return value != null && !value.isNaN();
  }

  /** As {@link belay.train.EpochResult#choosingLoss}. */
  double choosingLoss() {
    return isKnown(validationLoss) || isKnown(testAccuracy)
        ? orNone(validationLoss)
        : orNone(testLoss);
  }
}
