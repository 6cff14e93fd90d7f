package belay.data.augment;

import belay.data.ImageFormat;
import belay.data.ImageSet;
import belay.error.ConfigurationException;
import belay.random.Philox;

/** The images of a training as it sees them. */
public final class AugmentedImages {
  private final ImageSet images;
  private final Augmentation how;
  private final Philox random;

  /**
   * @throws ConfigurationException as {@link #check}
   */
  public AugmentedImages(ImageSet images, Augmentation how, long seed) {
    check(how, Math.min(images.format().height(), images.format().width()));
    this.images = images;
    this.how = how;
    this.random = random(seed);
  }

  /**
   * @param side of the images, the shorter one
   * @throws ConfigurationException if images are smaller than what is to be cut of them
   */
  public static void check(Augmentation how, int side) {
    int most = Math.max(how.crop(), how.cutout());
    if (most > 0 && most >= side) {
      throw new ConfigurationException(
          "train.crop = %d and train.cutout = %d must be less than the images' %d pixels"
              .formatted(how.crop(), how.cutout(), side));
    }
  }

  /** What draws. */
  public static Philox random(long seed) {
    return new Philox(seed, Philox.Purpose.AUGMENTATION);
  }

  /** The images as they are. */
  public ImageSet images() {
    return images;
  }

  /**
   * As {@link ImageSet#normalized} in an epoch.
   *
   * @param epoch from 1
   */
  public void normalized(int[] rows, int from, int to, int epoch, float[] out) {
    if (how.isNone()) {
      images.normalized(rows, from, to, out);
      return;
    }
    int bytes = images.format().imageBytes();
    for (int i = from; i < to; i++) {
      ImageTransform view = ImageTransform.drawn(images.format(), how, random, epoch, rows[i]);
      write(view, rows[i] * bytes, out, (i - from) * bytes);
    }
  }

  private void write(ImageTransform view, int source, float[] out, int target) {
    ImageFormat format = images.format();
    int plane = format.height() * format.width();
    int at = target;
    for (int y = 0; y < format.height(); y++) {
      for (int x = 0; x < format.width(); x++) {
        for (int c = 0; c < format.channels(); c++) {
          out[at++] = view.pixel(images.pixels(), source + c * plane, y, x) / 255f;
        }
      }
    }
  }
}
