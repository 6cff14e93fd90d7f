package belay.data.augment;

import belay.data.ImageFormat;
import java.util.Arrays;

/**
 * A part of a view that is covered, perhaps beyond its borders.
 *
 * @param top first row
 * @param left first column
 * @param side 0 for none
 */
record Square(int top, int left, int side) {
  static Square drawn(ImageFormat format, int side, Draws draws) {
    return new Square(
        draws.below(format.height(), Draw.SQUARE_TOP) - side / 2,
        draws.below(format.width(), Draw.SQUARE_LEFT) - side / 2,
        side);
  }

  /** Gives all pixels of that part of a view [C, H, W] a value. */
  void cover(byte[] view, ImageFormat format, int value) {
    int first = Math.max(0, left);
    int end = Math.min(format.width(), left + side);
    for (int c = 0; c < format.channels(); c++) {
      for (int y = Math.max(0, top); y < Math.min(format.height(), top + side); y++) {
        int row = (c * format.height() + y) * format.width();
        Arrays.fill(view, row + first, row + end, (byte) value);
      }
    }
  }
}
