package belay.data.augment;

/**
 * Numbers in units of 1/65536. All arithmetic on pixels is on whole numbers: floats would want the
 * order and rounding of every operation fixed in two languages, and no multiply-add contracted.
 */
final class FixedPoint {
  static final int BITS = 16;
  static final int ONE = 1 << BITS;
  static final int HALF = ONE / 2;

  private FixedPoint() {}

  static int of(double number) {
    return (int) Math.rint(number * ONE);
  }

  /** The nearest byte to a number that may be none. */
  static byte toByte(int fixed) {
    return (byte) Math.max(0, Math.min(255, fixed + HALF >> BITS));
  }

  /** share a + (1 - share) b of two bytes; a share may be beyond 0 and 1. */
  static byte blend(int a, int b, int share) {
    return toByte(a * share + b * (ONE - share));
  }
}
