package belay.data.augment;

import belay.data.ImageFormat;

/** How bright a pixel is: the luma of ITU-R BT.601, with weights in 1/65536 as Pillow has them. */
final class Grey {
  private static final int RED = 19595;
  private static final int GREEN = 38470;
  private static final int BLUE = 7471;

  private Grey() {}

  /** Of the pixel of three planes. */
  static int of(byte[] view, int at, int plane) {
    int red = RED * (view[at] & 0xFF);
    int green = GREEN * (view[at + plane] & 0xFF);
    return red + green + BLUE * (view[at + 2 * plane] & 0xFF) + FixedPoint.HALF >> FixedPoint.BITS;
  }

  /** The nearest byte to the mean over a view; where it has not three channels, of its bytes. */
  static int mean(byte[] view, ImageFormat format) {
    int plane = format.height() * format.width();
    boolean isColoured = format.channels() == 3;
    int count = isColoured ? plane : view.length;
    long sum = 0;
    for (int at = 0; at < count; at++) {
      sum += isColoured ? of(view, at, plane) : view[at] & 0xFF;
    }
    return (int) ((sum + count / 2) / count);
  }
}
