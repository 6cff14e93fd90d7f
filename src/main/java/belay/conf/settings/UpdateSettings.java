package belay.conf.settings;

/**
 * From gradient to weights.
 *
 * @param momentum of sgd
 * @param beta1 of adam and adamw
 * @param beta2 of adam and adamw
 * @param epsilon of adam and adamw
 * @param weightDecay added to the gradient (sgd, adam) or applied beside it (adamw)
 * @param clipValue limit of a component of the gradient; 0 for none
 * @param clipNorm limit of the gradient's length; 0 for none
 */
public record UpdateSettings(
    Optimizer optimizer,
    double momentum,
    double beta1,
    double beta2,
    double epsilon,
    double weightDecay,
    double clipValue,
    double clipNorm) {

  /** Update rule. */
  public enum Optimizer {
    SGD,
    ADAM,
    ADAMW
  }

  static UpdateSettings of(Values values) {
    return new UpdateSettings(
        values.get(Keys.TRAIN_OPTIMIZER),
        values.get(Keys.TRAIN_MOMENTUM),
        values.get(Keys.TRAIN_BETA1),
        values.get(Keys.TRAIN_BETA2),
        values.get(Keys.TRAIN_EPSILON),
        values.get(Keys.TRAIN_WEIGHT_DECAY),
        values.get(Keys.TRAIN_CLIP_VALUE),
        values.get(Keys.TRAIN_CLIP_NORM));
  }
}
