package belay.data.augment;

import belay.data.ImageFormat;

/**
 * A part of an image that is scaled to the image's size, bilinearly, as a view shows it (Szegedy et
 * al. 2015, arXiv:1409.4842, section 6; torchvision's RandomResizedCrop).
 *
 * @param top first row
 * @param left first column
 */
record Box(ImageFormat format, int top, int left, int height, int width) {
  private static final int TRIES = 10;
  private static final int WEIGHT_BITS = 8;
  private static final int WEIGHT = 1 << WEIGHT_BITS;

  static Box whole(ImageFormat format) {
    return new Box(format, 0, 0, format.height(), format.width());
  }

  /**
   * Its share of the image is uniform from the smallest to 1, its ratio of width to height, divided
   * by the image's, has a logarithm that is uniform between those of 3/4 and 4/3; the first of ten
   * that fits into the image, else all of it. Any place there is as likely.
   */
  static Box drawn(ImageFormat format, Recipe recipe, Draws draws) {
    if (recipe.scales() == 0) {
      return whole(format);
    }
    for (int turn = 0; turn < TRIES; turn++) {
      int side = recipe.sides()[draws.below(Quantiles.COUNT, Draw.BOX_SIDE, turn)];
      int ratio = draws.below(Quantiles.COUNT, Draw.BOX_RATIO, turn);
      int width = length(format.width(), side, recipe.ratios()[ratio]);
      int height = length(format.height(), side, recipe.ratios()[Quantiles.COUNT - 1 - ratio]);
      if (width <= format.width() && height <= format.height()) {
        int top = draws.below(format.height() - height + 1, Draw.BOX_TOP);
        int left = draws.below(format.width() - width + 1, Draw.BOX_LEFT);
        return new Box(format, top, left, height, width);
      }
    }
    return whole(format);
  }

  private static int length(int whole, int side, int ratio) {
    return (int) Math.max(1, (long) whole * side * ratio + (1L << 31) >> 32);
  }

  /** A pixel of the view, from the plane [H, W] that lies at an offset. */
  int pixel(byte[] pixels, int plane, int y, int x) {
    if (height == format.height() && width == format.width()) {
      return pixels[plane + y * width + x] & 0xFF;
    }
    int fromY = place(y, top, height, format.height());
    int fromX = place(x, left, width, format.width());
    int at = plane + (fromY >> FixedPoint.BITS) * format.width() + (fromX >> FixedPoint.BITS);
    int below = (fromY >> FixedPoint.BITS) + 1 < format.height() ? format.width() : 0;
    int beside = (fromX >> FixedPoint.BITS) + 1 < format.width() ? 1 : 0;
    int above = between(pixels[at] & 0xFF, pixels[at + beside] & 0xFF, fromX);
    int under = between(pixels[at + below] & 0xFF, pixels[at + below + beside] & 0xFF, fromX);
    int sum = above * (WEIGHT - weight(fromY)) + under * weight(fromY);
    return sum + FixedPoint.HALF >> 2 * WEIGHT_BITS;
  }

  /** Where a pixel's centre lies between the centres of a side's pixels, never beyond the box. */
  private static int place(int at, int first, int length, int whole) {
    int step = (length << FixedPoint.BITS) / whole;
    int place = (first << FixedPoint.BITS) + at * step + step / 2 - FixedPoint.HALF;
    int least = first << FixedPoint.BITS;
    return Math.max(least, Math.min(place, first + length - 1 << FixedPoint.BITS));
  }

  private static int weight(int place) {
    return place >> FixedPoint.BITS - WEIGHT_BITS & WEIGHT - 1;
  }

  private static int between(int a, int b, int place) {
    return a * (WEIGHT - weight(place)) + b * weight(place);
  }
}
