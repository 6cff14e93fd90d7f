package belay.hdf;

/**
 * What a number in a file may be. The seal and the digests of a file show damage; whoever writes a
 * file anew can seal anything, so that readers look at the values too.
 *
 * @param least smallest value
 * @param most largest value; NaN is within no bounds
 */
public record Bounds(double least, double most) {
  public static final Bounds FINITE = new Bounds(-Double.MAX_VALUE, Double.MAX_VALUE);
  public static final Bounds FROM_0 = new Bounds(0, Double.MAX_VALUE);
  public static final Bounds ABOVE_0 = new Bounds(Double.MIN_VALUE, Double.MAX_VALUE);
  public static final Bounds SHARE = new Bounds(0, 1);

  /** Whole numbers from 0 that a double tells apart. */
  public static final Bounds COUNT = new Bounds(0, 1L << 53);

  public boolean hold(double value) {
    return value >= least && value <= most;
  }

  /** To stand after "expected". */
  @Override
  public String toString() {
    if (equals(ABOVE_0)) {
      return "a number above 0";
    }
    String from = least == -Double.MAX_VALUE ? "" : " from " + shown(least);
    return "a finite number" + from + (most == Double.MAX_VALUE ? "" : " to " + shown(most));
  }

  /** Whole numbers without a point. */
  static String shown(double value) {
    boolean isWhole = value == Math.rint(value) && Math.abs(value) <= COUNT.most();
    return isWhole ? "%.0f".formatted(value) : Double.toString(value);
  }
}
