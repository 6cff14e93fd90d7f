package belay.train;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one whole epoch achieved. Losses are means over images: of a reconstruction the mean squared
 * error per value, of classes the cross-entropy in nats. Accuracies are shares of images, 0 to 1,
 * NaN where a network has no classes. An epoch is judged by test images or by held-out ones; what
 * is of the others is NaN.
 *
 * @param epoch number, from 1
 * @param step optimiser steps taken at its end
 * @param trainLoss over the epoch's minibatches, each before its update
 * @param testLoss over the test images after the epoch
 * @param validationLoss over the training images held out, after the epoch
 * @param trainAccuracy as trainLoss
 * @param testAccuracy as testLoss
 * @param validationAccuracy as validationLoss
 * @param liveFeatures share of latent features, 0 to 1, that were not zero for every image that the
 *     epoch is judged by
 * @param learningRate of the epoch's last step
 * @param seconds wall time of the training steps, over all attempts that led to the result
 * @param imagesPerSecond training images over that time
 * @param evaluationSeconds wall time of the images that the epoch is judged by, in the attempt that
 *     finished it; NaN where an older belay did not keep it
 * @param ended when, to the second; null where an older belay did not keep it
 * @param updateRatio by parameter, in the network's order: length of what the epoch's last step
 *     added over the length of the weights, no unit; empty where an older belay did not keep it
 */
public record EpochResult(
    int epoch,
    long step,
    double trainLoss,
    double testLoss,
    double validationLoss,
    double trainAccuracy,
    double testAccuracy,
    double validationAccuracy,
    double liveFeatures,
    double learningRate,
    double seconds,
    double imagesPerSecond,
    double evaluationSeconds,
    Instant ended,
    Map<String, Double> updateRatio) {
  public EpochResult {
    updateRatio =
        updateRatio == null
            ? Map.of()
            : Collections.unmodifiableMap(new LinkedHashMap<>(updateRatio));
  }

  /** Of the images that the epoch is judged by. */
  public double judgedLoss() {
    return Double.isNaN(validationLoss) ? testLoss : validationLoss;
  }

  /** The same; NaN where the network has no classes. */
  public double judgedAccuracy() {
    return Double.isNaN(validationLoss) ? testAccuracy : validationAccuracy;
  }

  /**
   * The loss that may choose among epochs: of held-out images, or, as it has always been, of the
   * test images of a reconstruction. NaN where only test images of classes were looked at: what
   * they chose they could not measure any more.
   */
  public double choosingLoss() {
    boolean mayTest = Double.isNaN(validationLoss) && Double.isNaN(testAccuracy);
    return mayTest ? testLoss : validationLoss;
  }
}
