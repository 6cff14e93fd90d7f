package belay.data.augment;

import belay.data.ImageFormat;
import belay.data.ImageSet;
import belay.data.augment.Augmentation.Border;
import belay.random.Philox;

/**
 * One way to look at an image: shifted, then mirrored, then with a square covered.
 *
 * @param down rows by which the view lies below the image
 * @param across columns by which it lies to the right of it
 * @param border what stands where the view has no image
 * @param top first row of the square
 * @param left first column of the square
 * @param cutout side of the square; 0 for none
 */
record ImageTransform(
    ImageFormat format,
    boolean isMirrored,
    int down,
    int across,
    Border border,
    int top,
    int left,
    int cutout) {

  /**
   * A function of (seed, epoch, row): draw k is the upper word of stream epoch, index (k 2^32 +
   * row) of {@link Philox.Purpose#AUGMENTATION}, times the bound, divided by 2^32.
   */
  static ImageTransform drawn(
      ImageFormat format, Augmentation how, Philox random, int epoch, int row) {
    return new ImageTransform(
        format,
        isMirrored(how, random, epoch, row),
        draw(random, epoch, row, 1, 2 * how.crop() + 1) - how.crop(),
        draw(random, epoch, row, 2, 2 * how.crop() + 1) - how.crop(),
        how.border(),
        draw(random, epoch, row, 3, format.height()) - how.cutout() / 2,
        draw(random, epoch, row, 4, format.width()) - how.cutout() / 2,
        how.cutout());
  }

  private static boolean isMirrored(Augmentation how, Philox random, int epoch, int row) {
    return switch (how.mirror()) {
      case NONE -> false;
      case RANDOM -> draw(random, epoch, row, 0, 2) == 1;
      case ALTERNATE -> (draw(random, 0, row, 0, 2) + epoch) % 2 == 1;
    };
  }

  private static int draw(Philox random, int epoch, int row, int number, int bound) {
    long word = random.bits(epoch, (long) number << 32 | row) >>> 32;
    return (int) (word * bound >>> 32);
  }

  /** Without a square. */
  static ImageTransform fixed(ImageFormat format, boolean isMirrored, int shift) {
    return new ImageTransform(format, isMirrored, shift, shift, Border.REFLECT, 0, 0, 0);
  }

  /** All images of a set so. */
  ImageSet of(ImageSet images) {
    int plane = format.height() * format.width();
    byte[] pixels = new byte[images.pixels().length];
    for (int at = 0; at < pixels.length; at++) {
      int place = at % plane;
      int y = place / format.width();
      pixels[at] = (byte) pixel(images.pixels(), at - place, y, place % format.width());
    }
    return new ImageSet(format, pixels, images.labels());
  }

  /** A pixel, from the plane [H, W] of the image that lies at an offset. */
  int pixel(byte[] pixels, int plane, int y, int x) {
    if (y >= top && y < top + cutout && x >= left && x < left + cutout) {
      return Augmentation.GREY;
    }
    int column = isMirrored ? format.width() - 1 - x : x;
    int fromY = within(y + down, format.height());
    int fromX = within(column + across, format.width());
    return fromY < 0 || fromX < 0 ? 0 : pixels[plane + fromY * format.width() + fromX] & 0xFF;
  }

  /** Where a place along a side is read; -1 for black. */
  private int within(int at, int side) {
    if (at >= 0 && at < side) {
      return at;
    }
    return switch (border) {
      case ZERO -> -1;
      case EDGE -> at < 0 ? 0 : side - 1;
      case REFLECT -> at < 0 ? -at : 2 * (side - 1) - at;
    };
  }
}
