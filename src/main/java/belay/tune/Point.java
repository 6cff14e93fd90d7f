package belay.tune;

/**
 * One measurement of a trial. Losses are means over images, accuracies shares of them; NaN where
 * none is known.
 *
 * @param at where: a pass, a step, an epoch, all from 1, or a learning rate
 * @param trainLoss over images of steps, each before its step
 * @param loss by evaluation afterwards
 */
public record Point(
    double at, double trainLoss, double trainAccuracy, double loss, double accuracy) {}
