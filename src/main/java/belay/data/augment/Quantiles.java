package belay.data.augment;

import java.util.function.DoubleUnaryOperator;

/**
 * What is drawn from a distribution that is not uniform: entry i of {@value #COUNT} is its quantile
 * at (i + 1/2) / {@value #COUNT}, in units of 1/65536. A device draws a place in a table, and needs
 * no roots, logarithms or exponentials, which no two libraries round alike.
 */
final class Quantiles {
  static final int COUNT = 4096;

  private Quantiles() {}

  private static int[] of(DoubleUnaryOperator quantile) {
    int[] table = new int[COUNT];
    for (int i = 0; i < COUNT; i++) {
      table[i] = FixedPoint.of(quantile.applyAsDouble((i + 0.5) / COUNT));
    }
    return table;
  }

  /** Roots of shares that are uniform between a share and 1. */
  static int[] sides(double from) {
    return of(p -> Math.sqrt(from + (1 - from) * p));
  }

  /** Of the distribution Beta(alpha, alpha). */
  static int[] shares(double alpha) {
    return of(new SymmetricBeta(alpha)::quantile);
  }

  /** Their roots. */
  static int[] roots(double alpha) {
    SymmetricBeta beta = new SymmetricBeta(alpha);
    return of(p -> Math.sqrt(beta.quantile(p)));
  }

  /**
   * Of the normal distribution around 0.
   *
   * @param deviation its standard deviation
   */
  static int[] deviations(double deviation) {
    return of(p -> deviation * Normal.quantile(p));
  }

  /** Roots of ratios whose logarithm is uniform between those of 3/4 and 4/3. */
  static int[] ratios() {
    return of(p -> StrictMath.exp((p - 0.5) * StrictMath.log(4.0 / 3)));
  }
}
