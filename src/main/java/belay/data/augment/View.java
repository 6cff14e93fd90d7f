package belay.data.augment;

import belay.data.ImageFormat;
import belay.data.augment.Augmentation.Border;
import belay.random.Philox;

/**
 * One view of an image: a function of (seed, epoch, row).
 *
 * <p>Draw k of image row in an epoch is the upper word of stream epoch, index (k 2^32 + row) of
 * {@link Philox.Purpose#AUGMENTATION}, times the bound, divided by 2^32.
 */
final class View {
  private final ImageFormat format;
  private final Augmentation how;
  private final boolean isMirrored;
  private final int down;
  private final int across;
  private final int coveredTop;
  private final int coveredLeft;

  View(ImageFormat format, Augmentation how, Philox random, int epoch, int row) {
    this.format = format;
    this.how = how;
    this.isMirrored = isMirrored(how, random, epoch, row);
    this.down = draw(random, epoch, row, 1, 2 * how.crop() + 1) - how.crop();
    this.across = draw(random, epoch, row, 2, 2 * how.crop() + 1) - how.crop();
    this.coveredTop = draw(random, epoch, row, 3, format.height()) - how.cutout() / 2;
    this.coveredLeft = draw(random, epoch, row, 4, format.width()) - how.cutout() / 2;
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

  /** A pixel of a plane [H, W] of the image that lies at an offset. */
  int pixel(byte[] pixels, int plane, int y, int x) {
    if (isCovered(y, x)) {
      return Augmentation.GREY;
    }
    int column = isMirrored ? format.width() - 1 - x : x;
    int fromY = within(y + down, format.height());
    int fromX = within(column + across, format.width());
    return fromY < 0 || fromX < 0 ? 0 : pixels[plane + fromY * format.width() + fromX] & 0xFF;
  }

  private boolean isCovered(int y, int x) {
    return y >= coveredTop
        && y < coveredTop + how.cutout()
        && x >= coveredLeft
        && x < coveredLeft + how.cutout();
  }

  /** Where a place along a side is read; -1 for black. */
  private int within(int at, int side) {
    if (at >= 0 && at < side) {
      return at;
    }
    if (how.border() == Border.ZERO) {
      return -1;
    }
    if (how.border() == Border.EDGE) {
      return at < 0 ? 0 : side - 1;
    }
    return at < 0 ? -at : 2 * (side - 1) - at;
  }
}
