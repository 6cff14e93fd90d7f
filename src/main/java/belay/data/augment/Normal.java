package belay.data.augment;

/** The standard normal distribution. */
final class Normal {
  private static final double MOST = 8;
  private static final int HALVINGS = 40;
  private static final double DENSITY = 1 / StrictMath.sqrt(2 * StrictMath.PI);

  private Normal() {}

  /** The number below which a share p of all draws lies, by halving. */
  static double quantile(double p) {
    double low = -MOST;
    double high = MOST;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      boolean isBelow = share(middle) < p;
      low = isBelow ? middle : low;
      high = isBelow ? high : middle;
    }
    return low;
  }

  /**
   * 1/2 + phi(x) (x + x^3 / 3 + x^5 / (3 5) + ..), by Marsaglia, "Evaluating the normal
   * distribution", Journal of Statistical Software 11 (2004).
   */
  private static double share(double x) {
    double term = x;
    double sum = 0;
    for (int odd = 1; sum + term != sum; odd += 2) {
      sum += term;
      term *= x * x / (odd + 2);
    }
    return 0.5 + sum * DENSITY * StrictMath.exp(-x * x / 2);
  }
}
