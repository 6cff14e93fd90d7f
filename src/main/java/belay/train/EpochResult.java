package belay.train;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one whole epoch achieved.
 *
 * @param epoch number, from 1
 * @param step optimiser steps taken at its end
 * @param trainLoss mean squared error per value over the epoch's minibatches, each before its
 *     update
 * @param testLoss mean squared error per value over the test images after the epoch
 * @param liveFeatures share of latent features, 0 to 1, that were not zero for every test image
 * @param learningRate of the epoch's last step
 * @param seconds wall time of the training steps, over all attempts that led to the result
 * @param imagesPerSecond training images over that time
 * @param evaluationSeconds wall time of the test images, in the attempt that finished the epoch;
 *     NaN where an older belay did not keep it
 * @param ended when, to the second; null where an older belay did not keep it
 * @param updateRatio by parameter, in the network's order: length of what the epoch's last step
 *     added over the length of the weights, no unit; empty where an older belay did not keep it
 */
public record EpochResult(
    int epoch,
    long step,
    double trainLoss,
    double testLoss,
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
}
