package belay.train;

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
 * @param seconds wall time of the training steps, in the attempt that finished the epoch
 * @param imagesPerSecond training images of that attempt over that time
 */
public record EpochResult(
    int epoch,
    long step,
    double trainLoss,
    double testLoss,
    double liveFeatures,
    double learningRate,
    double seconds,
    double imagesPerSecond) {}
