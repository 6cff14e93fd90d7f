package belay.conf.settings;

/**
 * The learning rate over time.
 *
 * @param learningRate its peak, reached after the warm-up
 * @param learningRatePer images of a step that learningRate is meant for; 0 for whatever a step has
 * @param warmupSteps steps of a linear rise from 0
 * @param warmupEpochs the same in epochs; 0 where warmupSteps says it
 * @param scheduleStepEpochs of step: epochs between two drops; of restarts: of the first wave
 * @param scheduleFactor of step: what each drop multiplies the rate by
 * @param scheduleFinal of cosine, restarts and linear: share of the peak at the end
 * @param scheduleGrowth of restarts: how much longer each wave is than the one before
 */
public record RateSettings(
    double learningRate,
    int learningRatePer,
    Schedule schedule,
    int warmupSteps,
    double warmupEpochs,
    int scheduleStepEpochs,
    double scheduleFactor,
    double scheduleFinal,
    double scheduleGrowth) {

  /** Shape of the curve after the warm-up. */
  public enum Schedule {
    CONSTANT,
    STEP,
    COSINE,
    RESTARTS,
    LINEAR,
    INVERSE_SQRT
  }

  /**
   * The peak of the rate that steps have: where a step has k times the images that the rate is for,
   * k times that (Goyal et al. 2017, arXiv:1706.02677, section 2.1).
   *
   * @param batch images of a step
   */
  public double peak(int batch) {
    return learningRatePer == 0 ? learningRate : learningRate * batch / learningRatePer;
  }

  /** Steps of the linear rise. */
  public int warmupSteps(long stepsPerEpoch) {
    return warmupEpochs == 0
        ? warmupSteps
        : (int) Math.min(Integer.MAX_VALUE, Math.ceil(warmupEpochs * stepsPerEpoch));
  }

  static RateSettings of(Values values) {
    return new RateSettings(
        values.get(Keys.TRAIN_LEARNING_RATE),
        values.get(Keys.TRAIN_LEARNING_RATE_PER),
        values.get(Keys.TRAIN_SCHEDULE),
        values.get(Keys.TRAIN_WARMUP_STEPS),
        values.get(Keys.TRAIN_WARMUP_EPOCHS),
        values.get(Keys.TRAIN_SCHEDULE_STEP_EPOCHS),
        values.get(Keys.TRAIN_SCHEDULE_FACTOR),
        values.get(Keys.TRAIN_SCHEDULE_FINAL),
        values.get(Keys.TRAIN_SCHEDULE_GROWTH));
  }
}
