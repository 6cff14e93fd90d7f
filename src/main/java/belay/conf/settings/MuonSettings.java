package belay.conf.settings;

/**
 * Of muon; belay.backend.UpdateRule.Muon says what each does.
 *
 * @param muonOf which parameters are its matrices
 * @param muonSteps of the polynomial
 * @param muonNormalize whether matrices are brought to one length before each step
 * @param muonOthers what all else follows
 * @param muonOthersMomentum of those, where they follow sgd
 */
public record MuonSettings(
    Of muonOf, int muonSteps, boolean muonNormalize, Others muonOthers, double muonOthersMomentum) {
  /** Kernels that muon changes. */
  public enum Of {
    KERNELS,
    FILTERS
  }

  /** What other parameters follow. */
  public enum Others {
    ADAMW,
    SGD
  }

  static MuonSettings of(Values values) {
    return new MuonSettings(
        values.get(Keys.TRAIN_MUON_OF),
        values.get(Keys.TRAIN_MUON_STEPS),
        values.get(Keys.TRAIN_MUON_NORMALIZE),
        values.get(Keys.TRAIN_MUON_OTHERS),
        values.get(Keys.TRAIN_MUON_OTHERS_MOMENTUM));
  }
}
