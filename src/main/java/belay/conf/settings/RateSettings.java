package belay.conf.settings;

/**
 * The learning rate over time.
 *
 * @param learningRate its peak, reached after the warm-up
 * @param warmupSteps steps of a linear rise from 0
 * @param scheduleStepEpochs of step: epochs between two drops; of restarts: of the first wave
 * @param scheduleFactor of step: what each drop multiplies the rate by
 * @param scheduleFinal of cosine, restarts and linear: share of the peak at the end
 * @param scheduleGrowth of restarts: how much longer each wave is than the one before
 */
public record RateSettings(
    double learningRate,
    Schedule schedule,
    int warmupSteps,
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

  static RateSettings of(Values values) {
    return new RateSettings(
        values.get(Keys.TRAIN_LEARNING_RATE),
        values.get(Keys.TRAIN_SCHEDULE),
        values.get(Keys.TRAIN_WARMUP_STEPS),
        values.get(Keys.TRAIN_SCHEDULE_STEP_EPOCHS),
        values.get(Keys.TRAIN_SCHEDULE_FACTOR),
        values.get(Keys.TRAIN_SCHEDULE_FINAL),
        values.get(Keys.TRAIN_SCHEDULE_GROWTH));
  }
}
