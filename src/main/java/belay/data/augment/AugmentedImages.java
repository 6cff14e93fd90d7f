package belay.data.augment;

import belay.data.ImageFormat;
import belay.data.ImageSet;
import belay.data.MixedLabel;
import belay.error.ConfigurationException;
import belay.random.Philox;

/** The images of a training as it sees them. */
public final class AugmentedImages {
  private final ImageSet images;
  private final ImageFormat format;
  private final Augmentation how;
  private final Recipe recipe;
  private final Corruption corruption;
  private final Philox random;

  /**
   * @throws ConfigurationException as {@link #check}
   */
  public AugmentedImages(ImageSet images, Augmentation how, long seed) {
    this.images = images;
    this.format = images.format();
    check(how, format.height(), format.width(), format.channels());
    this.how = how;
    this.recipe = Recipe.of(how);
    this.corruption = new Corruption(format, recipe);
    this.random = random(seed);
  }

  /**
   * @throws ConfigurationException if images of this size are smaller than what is to be cut of
   *     them, or have no colours to be changed
   */
  public static void check(Augmentation how, int height, int width, int channels) {
    int side = Math.min(height, width);
    int most = Math.max(how.crop(), how.cutout());
    if (most > 0 && most >= side) {
      throw new ConfigurationException(
          "train.crop = %d and train.cutout = %d must be less than the images' %d pixels"
              .formatted(how.crop(), how.cutout(), side));
    }
    if (how.jitter().wantsColour() && channels != 3) {
      throw new ConfigurationException(
          "train.saturation and train.hue want images of 3 channels, red, green and blue; these have %d: set both to 0"
              .formatted(channels));
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
    byte[] view = new byte[format.imageBytes()];
    byte[] other = new byte[recipe.mixes() ? view.length : 0];
    for (int i = from; i < to; i++) {
      view(rows[i], epoch, view);
      if (recipe.mixes()) {
        Mixture mixture = mixture(rows[i], epoch);
        view(mixture.partner(), epoch, other);
        mixture.apply(view, other);
      }
      write(view, out, (i - from) * view.length);
    }
  }

  /**
   * Writes what a network reads of images in an epoch: what {@link #normalized} writes, with noise
   * where a network that reconstructs is to see through it.
   *
   * @return what it is to reconstruct: what {@link #normalized} writes; the same array where there
   *     is no noise
   */
  public float[] inputs(int[] rows, int from, int to, int epoch, float[] out) {
    normalized(rows, from, to, epoch, out);
    if (how.noise().isNone()) {
      return out;
    }
    float[] clean = out.clone();
    byte[] view = new byte[format.imageBytes()];
    for (int i = from; i < to; i++) {
      read(clean, (i - from) * view.length, view);
      corruption.apply(view, new Draws(random, epoch, rows[i]));
      write(view, out, (i - from) * view.length);
    }
    return clean;
  }

  /**
   * What the images that {@link #normalized} writes are of, in the same order [to - from].
   *
   * @param epoch from 1
   */
  public MixedLabel[] labels(int[] rows, int from, int to, int epoch) {
    MixedLabel[] labels = new MixedLabel[to - from];
    for (int i = from; i < to; i++) {
      labels[i - from] = label(rows[i], epoch);
    }
    return labels;
  }

  private MixedLabel label(int row, int epoch) {
    int own = images.label(row);
    if (!recipe.mixes()) {
      return MixedLabel.of(own);
    }
    Mixture mixture = mixture(row, epoch);
    double share = (double) mixture.viewShare() / FixedPoint.ONE;
    return new MixedLabel(own, images.label(mixture.partner()), share);
  }

  private Mixture mixture(int row, int epoch) {
    return Mixture.drawn(format, recipe, images.count(), new Draws(random, epoch, row));
  }

  /** An image as an epoch sees it [C, H, W]. */
  private void view(int row, int epoch, byte[] out) {
    Draws draws = new Draws(random, epoch, row);
    ImageTransform.drawn(format, how, recipe, draws)
        .view(images.pixels(), row * out.length, out, 0);
    for (int turn = 0; turn < recipe.operations(); turn++) {
      RandomOperation.drawn(draws, turn).apply(out, format, recipe);
    }
    ColourChange.drawn(recipe, draws).apply(out, format);
    Square.drawn(format, how.cutout(), draws).cover(out, format, Augmentation.GREY);
  }

  /** [H, W, C] to [C, H, W], bytes that were divided by 255. */
  private void read(float[] values, int source, byte[] view) {
    int plane = format.height() * format.width();
    int at = source;
    for (int pixel = 0; pixel < plane; pixel++) {
      for (int c = 0; c < format.channels(); c++) {
        view[pixel + c * plane] = (byte) Math.round(values[at++] * 255);
      }
    }
  }

  /** [C, H, W] to [H, W, C]. */
  private void write(byte[] view, float[] out, int target) {
    int plane = format.height() * format.width();
    int at = target;
    for (int pixel = 0; pixel < plane; pixel++) {
      for (int c = 0; c < format.channels(); c++) {
        out[at++] = (view[pixel + c * plane] & 0xFF) / 255f;
      }
    }
  }
}
