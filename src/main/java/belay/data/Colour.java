package belay.data;

/** Red, green and blue in [0, 1]. */
record Colour(float red, float green, float blue) {

  /**
   * From hue, saturation and value (Smith, "Color gamut transform pairs", SIGGRAPH 1978).
   *
   * @param hue turns around the circle of colours; any number
   */
  static Colour ofHue(float hue, float saturation, float value) {
    return new Colour(
        component(5, hue, saturation, value),
        component(3, hue, saturation, value),
        component(1, hue, saturation, value));
  }

  /** This colour where t = 0, the other where t = 1. */
  Colour mix(Colour other, float t) {
    return new Colour(
        red + t * (other.red - red),
        green + t * (other.green - green),
        blue + t * (other.blue - blue));
  }

  private static float component(int shift, float hue, float saturation, float value) {
    float turns = (float) (hue - Math.floor(hue));
    float k = (shift + 6 * turns) % 6;
    return value - value * saturation * Math.max(0, Math.min(1, Math.min(k, 4 - k)));
  }
}
