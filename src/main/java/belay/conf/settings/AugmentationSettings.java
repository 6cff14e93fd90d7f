package belay.conf.settings;

/**
 * How training sees its images; belay.data.augment.Augmentation says what each does.
 *
 * @param crop pixels by which a view is shifted at most
 * @param cropBorder what stands where a shifted view has no image
 * @param scaleFrom smallest share of the image that a view shows
 * @param randAugment operations for a view; 0 for none
 * @param randAugmentMagnitude their strength
 * @param jitter how colours change
 * @param cutout side of a square that is covered; 0 for none
 * @param mixing with other images
 * @param noise on what a network reads that reconstructs
 */
public record AugmentationSettings(
    Mirror mirror,
    int crop,
    Border cropBorder,
    double scaleFrom,
    int randAugment,
    int randAugmentMagnitude,
    Jitter jitter,
    int cutout,
    Mixing mixing,
    Noise noise) {
  /** Which epochs mirror an image; named as in belay.data.augment.Augmentation. */
  public enum Mirror {
    NONE,
    RANDOM,
    ALTERNATE
  }

  /** What lies around an image; named as in belay.data.augment.Augmentation. */
  public enum Border {
    REFLECT,
    EDGE,
    ZERO
  }

  /**
   * Largest strengths; 0 for none.
   *
   * @param hue in turns
   */
  public record Jitter(double brightness, double contrast, double saturation, double hue) {
    static Jitter of(Values values) {
      return new Jitter(
          values.get(Keys.TRAIN_BRIGHTNESS),
          values.get(Keys.TRAIN_CONTRAST),
          values.get(Keys.TRAIN_SATURATION),
          values.get(Keys.TRAIN_HUE));
    }
  }

  /** With views of other images, by shares of the distribution Beta(a, a); 0 for none. */
  public record Mixing(double mixup, double cutmix) {
    static Mixing of(Values values) {
      return new Mixing(values.get(Keys.TRAIN_MIXUP), values.get(Keys.TRAIN_CUTMIX));
    }
  }

  /**
   * @param noise standard deviation, where bytes are from 0 to 1
   * @param mask share of squares that are black
   * @param maskPatch side of a square, pixels
   */
  public record Noise(double noise, double mask, int maskPatch) {
    static Noise of(Values values) {
      return new Noise(
          values.get(Keys.TRAIN_NOISE),
          values.get(Keys.TRAIN_MASK),
          values.get(Keys.TRAIN_MASK_PATCH));
    }
  }

  static AugmentationSettings of(Values values) {
    return new AugmentationSettings(
        values.get(Keys.TRAIN_MIRROR),
        values.get(Keys.TRAIN_CROP),
        values.get(Keys.TRAIN_CROP_BORDER),
        values.get(Keys.TRAIN_SCALE_FROM),
        values.get(Keys.TRAIN_RAND_AUGMENT),
        values.get(Keys.TRAIN_RAND_AUGMENT_MAGNITUDE),
        Jitter.of(values),
        values.get(Keys.TRAIN_CUTOUT),
        Mixing.of(values),
        Noise.of(values));
  }
}
