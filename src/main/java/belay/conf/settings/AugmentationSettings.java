package belay.conf.settings;

/**
 * How training sees its images; belay.data.augment.Augmentation says what each does.
 *
 * @param crop pixels by which a view is shifted at most
 * @param cropBorder what stands where a shifted view has no image
 * @param cutout side of a square that is covered; 0 for none
 */
public record AugmentationSettings(Mirror mirror, int crop, Border cropBorder, int cutout) {
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

  static AugmentationSettings of(Values values) {
    return new AugmentationSettings(
        values.get(Keys.TRAIN_MIRROR),
        values.get(Keys.TRAIN_CROP),
        values.get(Keys.TRAIN_CROP_BORDER),
        values.get(Keys.TRAIN_CUTOUT));
  }
}
