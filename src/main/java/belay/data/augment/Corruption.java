package belay.data.augment;

import belay.data.ImageFormat;

/**
 * What a network reads in place of a view that it is to reconstruct (Vincent et al. 2008,
 * "Extracting and composing robust features with denoising autoencoders"): Gaussian noise on every
 * byte, then black squares. Squares lie side by side from the corner on, each is black or not by
 * itself.
 */
final class Corruption {
  private final ImageFormat format;
  private final Recipe recipe;

  Corruption(ImageFormat format, Recipe recipe) {
    this.format = format;
    this.recipe = recipe;
  }

  /** Changes a view [C, H, W]. */
  void apply(byte[] view, Draws draws) {
    if (recipe.noise() == 1) {
      for (int at = 0; at < view.length; at++) {
        int deviation = recipe.deviations()[draws.ofByte(Quantiles.COUNT, at)];
        view[at] = FixedPoint.toByte((view[at] & 0xFF) * FixedPoint.ONE + deviation);
      }
    }
    int side = recipe.patch();
    int square = 0;
    for (int top = 0; top < format.height(); top += side) {
      for (int left = 0; left < format.width(); left += side) {
        if (draws.ofSquare(FixedPoint.ONE, square++) < recipe.masked()) {
          new Square(top, left, side).cover(view, format, 0);
        }
      }
    }
  }
}
