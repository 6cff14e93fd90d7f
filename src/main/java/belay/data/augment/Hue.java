package belay.data.augment;

/**
 * Turns colours around the grey axis of the hexcone (Smith, "Color gamut transform pairs", SIGGRAPH
 * 1978): the largest and the smallest channel stay what they are, the hue is the place between them
 * in sixths of a turn.
 */
final class Hue {
  /** A whole turn. */
  static final int CIRCLE = 6 * FixedPoint.ONE;

  private Hue() {}

  /**
   * @param plane pixels from a channel to the next
   * @param turn from 0 to less than {@link #CIRCLE}
   */
  static void turn(byte[] view, int at, int plane, int turn) {
    int red = view[at] & 0xFF;
    int green = view[at + plane] & 0xFF;
    int blue = view[at + 2 * plane] & 0xFF;
    int most = Math.max(red, Math.max(green, blue));
    int spread = most - Math.min(red, Math.min(green, blue));
    if (spread > 0 && turn > 0) {
      int hue = (of(red, green, blue, most, spread) + turn) % CIRCLE;
      for (int c = 0; c < 3; c++) {
        view[at + c * plane] = (byte) (most - missing(hue, c, spread));
      }
    }
  }

  /** From 0 to less than {@link #CIRCLE}: 0 for red, two sixths green, four sixths blue. */
  private static int of(int red, int green, int blue, int most, int spread) {
    if (red == most) {
      return ((green - blue) * FixedPoint.ONE / spread + CIRCLE) % CIRCLE;
    } else if (green == most) {
      return 2 * FixedPoint.ONE + (blue - red) * FixedPoint.ONE / spread;
    }
    return 4 * FixedPoint.ONE + (red - green) * FixedPoint.ONE / spread;
  }

  /** What a channel lacks of the largest: nothing within a sixth of its own hue, all beyond two. */
  private static int missing(int hue, int channel, int spread) {
    int apart = Math.abs(hue - 2 * channel * FixedPoint.ONE);
    int distance = Math.min(apart, CIRCLE - apart);
    int lacks = Math.max(0, Math.min(FixedPoint.ONE, distance - FixedPoint.ONE));
    return lacks * spread + FixedPoint.HALF >> FixedPoint.BITS;
  }
}
