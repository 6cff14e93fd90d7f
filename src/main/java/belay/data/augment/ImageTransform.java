package belay.data.augment;

import belay.data.ImageFormat;
import belay.data.ImageSet;
import belay.data.augment.Augmentation.Border;
import belay.data.augment.Augmentation.Mirror;

/**
 * Where the pixels of a view come from: a box of the image, scaled, shifted, then mirrored.
 *
 * @param down rows by which the view lies below the image
 * @param across columns by which it lies to the right of it
 * @param border what stands where the view has no image
 */
record ImageTransform(
    ImageFormat format, Box box, boolean isMirrored, int down, int across, Border border) {

  static ImageTransform drawn(ImageFormat format, Augmentation how, Recipe recipe, Draws draws) {
    return new ImageTransform(
        format,
        Box.drawn(format, recipe, draws),
        isMirrored(how.mirror(), draws),
        draws.around0(how.crop(), Draw.DOWN),
        draws.around0(how.crop(), Draw.ACROSS),
        how.border());
  }

  private static boolean isMirrored(Mirror mirror, Draws draws) {
    return switch (mirror) {
      case NONE -> false;
      case RANDOM -> draws.below(2, Draw.MIRROR) == 1;
      case ALTERNATE -> (draws.belowInAllEpochs(2, Draw.MIRROR) + draws.epoch()) % 2 == 1;
    };
  }

  /** Nothing is drawn. */
  static ImageTransform fixed(ImageFormat format, boolean isMirrored, int shift) {
    return new ImageTransform(format, Box.whole(format), isMirrored, shift, shift, Border.REFLECT);
  }

  /** All images of a set so. */
  ImageSet of(ImageSet images) {
    byte[] pixels = new byte[images.pixels().length];
    for (int at = 0; at < pixels.length; at += format.imageBytes()) {
      view(images.pixels(), at, pixels, at);
    }
    return new ImageSet(format, pixels, images.labels());
  }

  /** Of an image [C, H, W] that lies at an offset, to another. */
  void view(byte[] pixels, int image, byte[] out, int to) {
    int plane = format.height() * format.width();
    int at = to;
    for (int c = 0; c < format.channels(); c++) {
      for (int y = 0; y < format.height(); y++) {
        for (int x = 0; x < format.width(); x++) {
          out[at++] = (byte) pixel(pixels, image + c * plane, y, x);
        }
      }
    }
  }

  private int pixel(byte[] pixels, int plane, int y, int x) {
    int column = isMirrored ? format.width() - 1 - x : x;
    int fromY = within(y + down, format.height());
    int fromX = within(column + across, format.width());
    return fromY < 0 || fromX < 0 ? 0 : box.pixel(pixels, plane, fromY, fromX);
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
