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
    int plane = format.height() * format.width();
    for (int at = 0; at < view.length; at++) {
      view[at] = isMasked(at % plane, draws) ? 0 : noisy(view[at] & 0xFF, at, draws);
    }
  }

  private byte noisy(int value, int at, Draws draws) {
    if (recipe.noise() == 0) {
      return (byte) value;
    }
    int deviation = recipe.deviations()[draws.ofByte(Quantiles.COUNT, at)];
    return FixedPoint.toByte(value * FixedPoint.ONE + deviation);
  }

  private boolean isMasked(int at, Draws draws) {
    if (recipe.masked() == 0) {
      return false;
    }
    int patch = recipe.patch();
    int columns = (format.width() + patch - 1) / patch;
    int square = at / format.width() / patch * columns + at % format.width() / patch;
    return draws.ofSquare(FixedPoint.ONE, square) < recipe.masked();
  }
}
