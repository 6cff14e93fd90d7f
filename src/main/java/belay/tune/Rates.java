package belay.tune;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Rates and decays as people give them. */
final class Rates {
  private static final int DIGITS = 2;

  private Rates() {}

  /** Two digits, so that what a page shows is what a trial had; no key has a higher rate. */
  static double round(double rate, double most) {
    return Math.min(most, Double.parseDouble(text(rate)));
  }

  /** As a key's value: 0.0031, 3.2e-07. */
  static String text(double rate) {
    BigDecimal rounded =
        new BigDecimal(rate).round(new MathContext(DIGITS, RoundingMode.HALF_EVEN));
    boolean isLong = rate != 0 && rate < 1e-5;
    return isLong
        ? String.format(Locale.ROOT, "%.1e", rounded.doubleValue())
        : rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }
}
