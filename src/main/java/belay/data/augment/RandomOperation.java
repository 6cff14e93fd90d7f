package belay.data.augment;

import belay.data.ImageFormat;

/**
 * One of the operations of RandAugment (Cubuk et al. 2019, arXiv:1909.13719), at the strength that
 * all of them share: with m from 0 to 1, factors are 1 +- 0.9 m, turns +- 30 m degrees, shears +-
 * 0.3 m, shifts +- 150 / 331 m of a side.
 *
 * @param isNegative for those that have two directions
 */
record RandomOperation(Kind kind, boolean isNegative) {
  /** All as likely as the others; kernels/operations.cuh knows them by their places here. */
  enum Kind {
    IDENTITY,
    AUTO_CONTRAST,
    EQUALIZE,
    ROTATE,
    SOLARIZE,
    COLOUR,
    POSTERIZE,
    CONTRAST,
    BRIGHTNESS,
    SHARPNESS,
    SHEAR_X,
    SHEAR_Y,
    TRANSLATE_X,
    TRANSLATE_Y
  }

  private static final Kind[] KINDS = Kind.values();

  /**
   * @param turn which of the view's operations, from 0
   */
  static RandomOperation drawn(Draws draws, int turn) {
    return new RandomOperation(
        KINDS[draws.below(KINDS.length, Draw.OPERATION, turn)],
        draws.below(2, Draw.DIRECTION, turn) == 1);
  }

  /** Changes a view [C, H, W]. */
  void apply(byte[] view, ImageFormat format, Recipe recipe) {
    Affine straight = Affine.straight();
    switch (kind) {
      case IDENTITY -> {}
      case AUTO_CONTRAST -> Histogram.stretch(view, format);
      case EQUALIZE -> Histogram.equalize(view, format);
      case ROTATE -> Affine.turn(recipe.cosine(), signed(recipe.sine())).apply(view, format);
      case SOLARIZE -> solarize(view, recipe.threshold());
      case COLOUR -> colour(recipe).apply(view, format);
      case POSTERIZE -> posterize(view, recipe.mask());
      case CONTRAST -> contrast(recipe).apply(view, format);
      case BRIGHTNESS -> brightness(recipe).apply(view, format);
      case SHARPNESS -> Sharpness.apply(view, format, factor(recipe));
      case SHEAR_X -> straight.shearedAcross(signed(recipe.shear())).apply(view, format);
      case SHEAR_Y -> straight.shearedDown(signed(recipe.shear())).apply(view, format);
      case TRANSLATE_X -> straight.across(shift(recipe, format.width())).apply(view, format);
      case TRANSLATE_Y -> straight.down(shift(recipe, format.height())).apply(view, format);
    }
  }

  private int signed(int strength) {
    return isNegative ? -strength : strength;
  }

  private int factor(Recipe recipe) {
    return FixedPoint.ONE + signed(recipe.factor());
  }

  private int shift(Recipe recipe, int side) {
    return signed(side * recipe.shift() + FixedPoint.HALF >> FixedPoint.BITS);
  }

  private ColourChange colour(Recipe recipe) {
    return new ColourChange(FixedPoint.ONE, FixedPoint.ONE, factor(recipe), 0);
  }

  private ColourChange contrast(Recipe recipe) {
    return new ColourChange(FixedPoint.ONE, factor(recipe), FixedPoint.ONE, 0);
  }

  private ColourChange brightness(Recipe recipe) {
    return new ColourChange(factor(recipe), FixedPoint.ONE, FixedPoint.ONE, 0);
  }

  /** Turns into their opposites what is at least as bright. */
  private static void solarize(byte[] view, int threshold) {
    for (int at = 0; at < view.length; at++) {
      int value = view[at] & 0xFF;
      view[at] = (byte) (value >= threshold ? 255 - value : value);
    }
  }

  /** Keeps some bits. */
  private static void posterize(byte[] view, int mask) {
    for (int at = 0; at < view.length; at++) {
      view[at] &= (byte) mask;
    }
  }
}
