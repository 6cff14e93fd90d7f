package belay.conf.settings;

/**
 * From gradient to weights.
 *
 * @param momentum of sgd, rmsprop, lars and muon
 * @param nesterov whether sgd's momentum is Nesterov's
 * @param beta1 of adam, adamw and muon
 * @param beta2 of adam, adamw and muon
 * @param alpha of rmsprop
 * @param epsilon of all but sgd and lars
 * @param trustCoefficient of lars
 * @param clipValue limit of a component of the gradient; 0 for none
 * @param clipNorm limit of the gradient's length; 0 for none
 * @param average decay of the weights' moving average; 0 for none
 * @param swaEpochs last epochs whose weights are averaged; 0 for none
 * @param average decay of the weights' average; 0 for none
 * @param groups parameters for which something else holds
 */
public record UpdateSettings(
    Optimizer optimizer,
    double momentum,
    boolean nesterov,
    double beta1,
    double beta2,
    double alpha,
    double epsilon,
    double trustCoefficient,
    Decay decay,
    double clipValue,
    double clipNorm,
    double average,
    int swaEpochs,
    MuonSettings muon,
    GroupSettings groups) {

  /** Update rule. */
  public enum Optimizer {
    SGD,
    ADAM,
    ADAMW,
    ADAGRAD,
    RMSPROP,
    LARS,
    MUON
  }

  /**
   * Pull of the weights towards 0.
   *
   * @param weightDecay L2: part of the gradient, or beside it (adamw, muon)
   * @param l1 part of the gradient
   */
  public record Decay(double weightDecay, WeightDecayOf weightDecayOf, double l1) {}

  /** Parameters that decay pulls; named as in belay.backend.UpdateRule.Reach. */
  public enum WeightDecayOf {
    ALL,
    KERNELS
  }

  static UpdateSettings of(Values values) {
    return new UpdateSettings(
        values.get(Keys.TRAIN_OPTIMIZER),
        values.get(Keys.TRAIN_MOMENTUM),
        values.get(Keys.TRAIN_NESTEROV),
        values.get(Keys.TRAIN_BETA1),
        values.get(Keys.TRAIN_BETA2),
        values.get(Keys.TRAIN_ALPHA),
        values.get(Keys.TRAIN_EPSILON),
        values.get(Keys.TRAIN_TRUST_COEFFICIENT),
        new Decay(
            values.get(Keys.TRAIN_WEIGHT_DECAY),
            values.get(Keys.TRAIN_WEIGHT_DECAY_OF),
            values.get(Keys.TRAIN_L1)),
        values.get(Keys.TRAIN_CLIP_VALUE),
        values.get(Keys.TRAIN_CLIP_NORM),
        values.get(Keys.TRAIN_AVERAGE),
        values.get(Keys.TRAIN_SWA_EPOCHS),
        MuonSettings.of(values),
        GroupSettings.of(values));
  }

  /** Whether an average of the weights is kept. */
  public boolean isAveraged() {
    return average > 0 || swaEpochs > 0;
  }
}
