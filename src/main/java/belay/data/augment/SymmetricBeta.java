package belay.data.augment;

/** The distribution Beta(a, a), whose density is that of (t (1 - t))^(a - 1). */
final class SymmetricBeta {
  /** To 2^-25 of a share, far below 1/65536. */
  private static final int HALVINGS = 24;

  /** Of a series in x, at most 1/2. */
  private static final int TERMS = 48;

  private final double a;
  private final double[] coefficients = new double[TERMS];
  private final double whole;

  /**
   * @param a above 0, at most 10, where the series still has all digits that count
   */
  SymmetricBeta(double a) {
    this.a = a;
    double factor = 1;
    for (int n = 0; n < TERMS; n++) {
      coefficients[n] = factor / (a + n);
      factor *= (n + 1 - a) / (n + 1);
    }
    this.whole = 2 * below(0.5);
  }

  /**
   * The integral of the density from 0 to x, at most 1/2: x^a sum over n of (1 - a)_n / n! x^n / (a
   * + n) (Abramowitz, Stegun, 26.5.4 with 15.1.1).
   */
  private double below(double x) {
    double sum = 0;
    for (int n = TERMS - 1; n >= 0; n--) {
      sum = sum * x + coefficients[n];
    }
    return StrictMath.pow(x, a) * sum;
  }

  /** The number below which a share p of all draws lies, by halving, in the half where p is. */
  double quantile(double p) {
    if (p > 0.5) {
      return 1 - quantile(1 - p);
    }
    double low = 0;
    double high = 0.5;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      boolean isBelow = below(middle) < p * whole;
      low = isBelow ? middle : low;
      high = isBelow ? high : middle;
    }
    return low;
  }
}
