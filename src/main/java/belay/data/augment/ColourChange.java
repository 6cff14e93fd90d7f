package belay.data.augment;

import belay.data.ImageFormat;

/**
 * How the colours of a view change, as torchvision's ColorJitter defines it, in a fixed order and
 * rounded to bytes after each: brightness times its factor; contrast, the distance from the view's
 * mean grey, times its factor; saturation, the distance from the pixel's own grey, times its
 * factor; hue turned. Factors are in 1/65536, {@value FixedPoint#ONE} changing nothing.
 *
 * @param turn of the hue, in 1/65536 of a sixth of a turn, from 0
 */
record ColourChange(int brightness, int contrast, int saturation, int turn) {
  static ColourChange drawn(Recipe recipe, Draws draws) {
    int turn = draws.around0(recipe.hue(), Draw.HUE);
    return new ColourChange(
        FixedPoint.ONE + draws.around0(recipe.brightness(), Draw.BRIGHTNESS),
        FixedPoint.ONE + draws.around0(recipe.contrast(), Draw.CONTRAST),
        FixedPoint.ONE + draws.around0(recipe.saturation(), Draw.SATURATION),
        turn < 0 ? turn + Hue.CIRCLE : turn);
  }

  /** Changes a view [C, H, W]; where it has not three channels, saturation and hue do nothing. */
  void apply(byte[] view, ImageFormat format) {
    if (brightness != FixedPoint.ONE) {
      blend(view, 0, brightness);
    }
    if (contrast != FixedPoint.ONE) {
      blend(view, Grey.mean(view, format), contrast);
    }
    boolean isColoured = format.channels() == 3;
    if (isColoured && (saturation != FixedPoint.ONE || turn != 0)) {
      int plane = format.height() * format.width();
      for (int at = 0; at < plane; at++) {
        saturate(view, at, plane);
        Hue.turn(view, at, plane, turn);
      }
    }
  }

  private static void blend(byte[] view, int towards, int factor) {
    for (int at = 0; at < view.length; at++) {
      view[at] = FixedPoint.blend(view[at] & 0xFF, towards, factor);
    }
  }

  private void saturate(byte[] view, int at, int plane) {
    int grey = Grey.of(view, at, plane);
    for (int c = 0; c < 3; c++) {
      int place = at + c * plane;
      view[place] = FixedPoint.blend(view[place] & 0xFF, grey, saturation);
    }
  }
}
