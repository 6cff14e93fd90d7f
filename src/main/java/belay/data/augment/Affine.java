package belay.data.augment;

import belay.data.ImageFormat;

/**
 * A map of places around the middle of a view, in 1/65536, from where a pixel goes to where it is
 * read: the pixel that lies there, or {@link Augmentation#GREY} where none does.
 *
 * @param down whole pixels
 * @param across whole pixels
 */
record Affine(int yFromY, int yFromX, int xFromY, int xFromX, int down, int across) {
  static Affine straight() {
    return new Affine(FixedPoint.ONE, 0, 0, FixedPoint.ONE, 0, 0);
  }

  static Affine turn(int cosine, int sine) {
    return new Affine(cosine, sine, -sine, cosine, 0, 0);
  }

  Affine shearedAcross(int shear) {
    return new Affine(yFromY, yFromX, shear, xFromX, down, across);
  }

  Affine shearedDown(int shear) {
    return new Affine(yFromY, shear, xFromY, xFromX, down, across);
  }

  Affine down(int pixels) {
    return new Affine(yFromY, yFromX, xFromY, xFromX, pixels, across);
  }

  Affine across(int pixels) {
    return new Affine(yFromY, yFromX, xFromY, xFromX, down, pixels);
  }

  /** Changes a view [C, H, W]. */
  void apply(byte[] view, ImageFormat format) {
    int plane = format.height() * format.width();
    byte[] before = view.clone();
    for (int at = 0; at < plane; at++) {
      int from = source(at / format.width(), at % format.width(), format);
      for (int c = 0; c < format.channels(); c++) {
        view[c * plane + at] = from < 0 ? (byte) Augmentation.GREY : before[c * plane + from];
      }
    }
  }

  /** The place of the pixel to read, -1 for none; twice the distances from the middle are whole. */
  private int source(int y, int x, ImageFormat format) {
    long besideY = 2 * y + 1 - format.height();
    long besideX = 2 * x + 1 - format.width();
    long fromY = place(yFromY * besideY + yFromX * besideX, format.height()) + down;
    long fromX = place(xFromY * besideY + xFromX * besideX, format.width()) + across;
    boolean isInside =
        fromY >= 0 && fromY < format.height() && fromX >= 0 && fromX < format.width();
    return isInside ? (int) (fromY * format.width() + fromX) : -1;
  }

  private static long place(long twice, int side) {
    return twice + (long) side * FixedPoint.ONE >> FixedPoint.BITS + 1;
  }
}
