package belay.conf.settings;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a network is trained.
 *
 * @param network name of a packed network or path of a .net file
 * @param seed of every random number
 * @param epochs passes over the training images in the whole run
 * @param batch images a step
 * @param shards parts of a step's images that are summed one by one; a power of two, at most batch;
 *     empty for the usual number
 * @param limit training images used; 0 for all
 * @param start run or checkpoint whose weights the first ones are, where they fit
 * @param labelSmoothing share of each label that all classes get
 * @param patienceEpochs stop after so many epochs without a better loss; 0 for never
 * @param targetLoss loss that the run is after; 0 for none
 * @param stopAtTarget stop once an epoch reaches it
 * @param augmentation of the images that steps see
 * @param update what a step does with the gradient
 * @param rate learning rate over time
 */
public record TrainSettings(
    String network,
    long seed,
    int epochs,
    int batch,
    OptionalInt shards,
    int limit,
    Init init,
    Optional<Path> start,
    Precision precision,
    double labelSmoothing,
    int patienceEpochs,
    double targetLoss,
    boolean stopAtTarget,
    AugmentationSettings augmentation,
    UpdateSettings update,
    RateSettings rate) {

  /** Distribution of the weights before training; named as in belay.net.Initializer. */
  public enum Init {
    UNIFORM,
    HE,
    XAVIER
  }

  /** Number format of activations and kernels; named as in belay.backend.Precision. */
  public enum Precision {
    FP32,
    TF32,
    BF16,
    FP16
  }

  /**
   * @param images of an epoch
   */
  public long stepsPerEpoch(long images) {
    return (images + batch - 1) / batch;
  }

  static TrainSettings of(Values values) {
    return new TrainSettings(
        values.get(Keys.TRAIN_NETWORK),
        values.get(Keys.TRAIN_SEED),
        values.get(Keys.TRAIN_EPOCHS),
        values.get(Keys.TRAIN_BATCH),
        values.get(Keys.TRAIN_SHARDS),
        values.get(Keys.TRAIN_LIMIT),
        values.get(Keys.TRAIN_INIT),
        values.get(Keys.TRAIN_START),
        values.get(Keys.TRAIN_PRECISION),
        values.get(Keys.TRAIN_LABEL_SMOOTHING),
        values.get(Keys.TRAIN_PATIENCE_EPOCHS),
        values.get(Keys.TRAIN_TARGET_LOSS),
        values.get(Keys.TRAIN_STOP_AT_TARGET),
        AugmentationSettings.of(values),
        UpdateSettings.of(values),
        RateSettings.of(values));
  }
}
