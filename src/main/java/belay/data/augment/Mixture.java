package belay.data.augment;

import belay.data.ImageFormat;

/**
 * A view and the view of another image in one. Mixup (Zhang et al. 2018, arXiv:1710.09412): each
 * byte is share a + (1 - share) b. CutMix (Yun et al. 2019, arXiv:1905.04899): a rectangle of the
 * other view, of the image's ratio, lies over the view, its centre anywhere in it.
 *
 * @param partner row of the other image, any of the set
 * @param share of the view in bytes outside of the rectangle, in 1/65536
 * @param top first row of the rectangle, perhaps beyond the border like all its sides
 * @param height of it; 0 for none
 */
record Mixture(
    ImageFormat format, int partner, int share, int top, int left, int height, int width) {
  /**
   * @param count images of the set
   */
  static Mixture drawn(ImageFormat format, Recipe recipe, int count, Draws draws) {
    int partner = draws.below(count, Draw.PARTNER);
    int quantile = draws.below(Quantiles.COUNT, Draw.SHARE);
    boolean isCut = recipe.cutmix() == 1 && (recipe.mixup() == 0 || draws.below(2, Draw.KIND) == 1);
    if (!isCut) {
      return new Mixture(format, partner, recipe.shares()[quantile], 0, 0, 0, 0);
    }
    int root = recipe.roots()[quantile];
    int height = format.height() * root >> FixedPoint.BITS;
    int width = format.width() * root >> FixedPoint.BITS;
    int top = draws.below(format.height(), Draw.RECTANGLE_TOP) - height / 2;
    int left = draws.below(format.width(), Draw.RECTANGLE_LEFT) - width / 2;
    return new Mixture(format, partner, FixedPoint.ONE, top, left, height, width);
  }

  /**
   * @param view becomes the mixture [C, H, W]
   * @param other that of the partner
   */
  void apply(byte[] view, byte[] other) {
    int plane = format.height() * format.width();
    for (int at = 0; at < view.length; at++) {
      int y = at % plane / format.width();
      boolean isOther = isCovered(y, at % format.width());
      view[at] = FixedPoint.blend(view[at] & 0xFF, other[at] & 0xFF, isOther ? 0 : share);
    }
  }

  private boolean isCovered(int y, int x) {
    return y >= top && y < top + height && x >= left && x < left + width;
  }

  /** The view's share of the mixture, in 1/65536: of bytes, or of pixels that are not covered. */
  int viewShare() {
    long covered =
        (long) within(top, height, format.height()) * within(left, width, format.width());
    long pixels = (long) format.height() * format.width();
    return share - (int) ((covered * FixedPoint.ONE + pixels / 2) / pixels);
  }

  private static int within(int first, int length, int side) {
    return Math.min(side, first + length) - Math.max(0, first);
  }
}
