package belay.run;

import belay.conf.settings.RateSettings;
import belay.conf.settings.TrainSettings;
import java.util.Optional;

/**
 * The learning rate that the keys mean for this data set and minibatch.
 *
 * @param images of an epoch
 */
record RateOfSteps(TrainSettings train, int images) {
  private static final System.Logger LOG = System.getLogger("belay.train");

  /** Says what no key says, and what will be in vain. */
  void tell() {
    RateSettings rate = train.rate();
    if (rate.learningRatePer() > 0) {
      LOG.log(
          System.Logger.Level.INFO,
          "peak-learning-rate=%.6g batch=%d warmup-steps=%d: train.learning-rate = %s is for %d images a step"
              .formatted(
                  peak(), train.batch(), warmUp(), rate.learningRate(), rate.learningRatePer()));
    }
    long steps = train.epochs() * train.stepsPerEpoch(images);
    if (warmUp() >= steps) {
      boolean isInEpochs = rate.warmupEpochs() > 0;
      LOG.log(
          System.Logger.Level.WARNING,
          "%s = %s outlasts the run's %d steps: the learning rate never reaches its peak"
              .formatted(
                  isInEpochs ? "train.warmup-epochs" : "train.warmup-steps",
                  isInEpochs ? rate.warmupEpochs() : warmUp(),
                  steps));
    }
  }

  /** The peak, for checkpoints; empty where train.learning-rate says it. */
  Optional<String> fact() {
    return train.rate().learningRatePer() > 0
        ? Optional.of(Double.toString(peak()))
        : Optional.empty();
  }

  double peak() {
    return train.rate().peak(train.batch());
  }

  int warmUp() {
    return train.rate().warmupSteps(train.stepsPerEpoch(images));
  }
}
