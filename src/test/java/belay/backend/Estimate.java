package belay.backend;

/**
 * Values in double with the variance of what a device's roundings make of them.
 *
 * <p>Each rounding is taken for an independent random error, as large as the unit roundoff at most;
 * then variances add. A sum of n products of values rounded to u_in, accumulated with u_acc, has
 * the relative variance c^2 = 2 u_in^2 + n u_acc^2 in each product and in the sum (Higham, Mary
 * 2019, "A new approach to probabilistic rounding error analysis", SIAM J. Sci. Comput. 41).
 */
record Estimate(double[] value, double[] variance) {
  /** Of millions of errors, none is larger than this many standard deviations. */
  private static final double DEVIATIONS = 6;

  private static final double ACCUMULATION = 0x1p-24; // in fp32, whatever the format

  static Estimate zeros(int count) {
    return new Estimate(new double[count], new double[count]);
  }

  static Estimate exactly(float[] values) {
    Estimate exact = zeros(values.length);
    for (int i = 0; i < values.length; i++) {
      exact.value[i] = values[i];
    }
    return exact;
  }

  /** Half a unit in the last place of 1. */
  private static double unitRoundoff(Precision precision) {
    return switch (precision) {
      case FP32 -> 0x1p-24;
      case TF32, FP16 -> 0x1p-11;
      case BF16 -> 0x1p-8;
    };
  }

  /** c^2 of a sum of so many products. */
  static double relativeVariance(Precision precision, int terms) {
    return 2 * Math.pow(unitRoundoff(precision), 2) + terms * Math.pow(ACCUMULATION, 2);
  }

  /** The same values rounded once more. */
  void round(double relativeVariance) {
    for (int i = 0; i < value.length; i++) {
      variance[i] += relativeVariance * value[i] * value[i];
    }
  }

  /** The largest error that value i may have. */
  double bound(int i) {
    return DEVIATIONS * Math.sqrt(variance[i]);
  }
}
