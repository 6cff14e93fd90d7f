package belay.data.augment;

import belay.data.ImageFormat;

/**
 * The distance of pixels from their surroundings, times a factor, as Pillow's ImageEnhance has it:
 * the surroundings are the mean of 3 x 3 pixels, of which the middle one counts five times. Pixels
 * at the border stay.
 */
final class Sharpness {
  private static final int MIDDLE = 5;
  private static final int WEIGHTS = 13;

  private Sharpness() {}

  /**
   * Changes a view [C, H, W].
   *
   * @param factor in 1/65536
   */
  static void apply(byte[] view, ImageFormat format, int factor) {
    byte[] before = view.clone();
    for (int c = 0; c < format.channels(); c++) {
      for (int y = 1; y < format.height() - 1; y++) {
        int row = (c * format.height() + y) * format.width();
        for (int at = row + 1; at < row + format.width() - 1; at++) {
          int smooth = surroundings(before, at, format.width());
          view[at] = FixedPoint.blend(before[at] & 0xFF, smooth, factor);
        }
      }
    }
  }

  private static int surroundings(byte[] view, int at, int width) {
    int sum = (MIDDLE - 1) * (view[at] & 0xFF);
    for (int y = -1; y <= 1; y++) {
      for (int x = -1; x <= 1; x++) {
        sum += view[at + y * width + x] & 0xFF;
      }
    }
    return (sum + WEIGHTS / 2) / WEIGHTS;
  }
}
