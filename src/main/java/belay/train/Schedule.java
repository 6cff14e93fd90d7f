package belay.train;

/**
 * The learning rate of each step: a linear warm-up to the base rate, then a curve.
 *
 * @param base the highest rate
 * @param warmupSteps steps of the warm-up; the first has base / warmupSteps
 * @param curve what follows
 * @param finalShare rate at the end of a cosine, linear curve or wave, as a share of base
 * @param decayEpochs length of a stair of the step curve, and of the first wave of restarts
 * @param decayFactor factor from stair to stair
 * @param growth factor from the length of one wave of restarts to the next; 1 or more
 */
public record Schedule(
    double base,
    int warmupSteps,
    Curve curve,
    double finalShare,
    int decayEpochs,
    double decayFactor,
    double growth) {

  /** Without waves. */
  public Schedule(
      double base,
      int warmupSteps,
      Curve curve,
      double finalShare,
      int decayEpochs,
      double decayFactor) {
    this(base, warmupSteps, curve, finalShare, decayEpochs, decayFactor, 1);
  }

  /** How the rate falls after the warm-up. */
  public enum Curve {
    CONSTANT,
    /** Falls by a factor every few epochs. */
    STEP,
    /** Half a cosine wave (Loshchilov, Hutter 2017, arXiv:1608.03983, without restarts). */
    COSINE,
    /**
     * One half wave after the other, each of which begins at the base rate (the same, with them).
     */
    RESTARTS,
    LINEAR,
    /** base sqrt(warmupSteps / step) (Vaswani et al. 2017, arXiv:1706.03762, section 5.3). */
    INVERSE_SQRT
  }

  /**
   * @param step steps already taken, from 0
   * @param stepsPerEpoch of this data set and batch
   * @param totalSteps of the whole run
   */
  public double rate(long step, long stepsPerEpoch, long totalSteps) {
    if (step < warmupSteps) {
      return base * (step + 1) / warmupSteps;
    }
    double share =
        Math.min(1, (double) (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
    return base
        * switch (curve) {
          case CONSTANT -> 1;
          case STEP -> StrictMath.pow(decayFactor, step / stepsPerEpoch / decayEpochs);
          case COSINE -> halfWave(share);
          case RESTARTS -> halfWave(shareOfWave((double) (step - warmupSteps) / stepsPerEpoch));
          case LINEAR -> 1 - (1 - finalShare) * share;
          case INVERSE_SQRT -> StrictMath.sqrt(Math.max(1, warmupSteps) / (step + 1.0));
        };
  }

  private double halfWave(double share) {
    return finalShare + (1 - finalShare) * (1 + StrictMath.cos(StrictMath.PI * share)) / 2;
  }

  /** How much of the wave that epochs lie in is over, 0 to 1. */
  private double shareOfWave(double epochs) {
    if (growth == 1) {
      return epochs % decayEpochs / decayEpochs;
    }
    double length = decayEpochs;
    double left = epochs;
    while (left >= length) {
      left -= length;
      length *= growth;
    }
    return left / length;
  }
}
