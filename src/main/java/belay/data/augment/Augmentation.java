package belay.data.augment;

/**
 * How training sees its images: each time another view, drawn for each image alone from (seed,
 * epoch, image, what is drawn), so that views depend on no minibatch, shard or device. Pixels are
 * moved or covered, never computed: every device has the same bytes.
 *
 * <p>A view is cropped, then mirrored, then cut out.
 *
 * @param mirror left and right change places
 * @param crop pixels by which the view is shifted at most in each direction, both drawn
 * @param border what stands where a shifted view has no image
 * @param cutout side of a square that is covered with {@link #GREY}, its centre anywhere in the
 *     view (DeVries, Taylor 2017, arXiv:1708.04552); 0 for none
 */
public record Augmentation(Mirror mirror, int crop, Border border, int cutout) {
  public static final Augmentation NONE = new Augmentation(Mirror.NONE, 0, Border.REFLECT, 0);

  /** What cutout leaves of a pixel: near the mean of photographs. */
  public static final int GREY = 128;

  /** Which epochs mirror an image. */
  public enum Mirror {
    NONE,
    /** Drawn in each epoch. */
    RANDOM,
    /** Drawn once, then every other epoch (Jordan 2024, arXiv:2404.00498). */
    ALTERNATE
  }

  /** What lies around an image. */
  public enum Border {
    /** The image in a mirror that stands on the last row or column of pixels. */
    REFLECT,
    /** The last row or column of pixels. */
    EDGE,
    /** Black. */
    ZERO
  }

  public Augmentation {
    if (crop < 0 || cutout < 0) {
      throw new IllegalArgumentException("crop " + crop + " or cutout " + cutout + " is negative");
    }
  }

  public boolean isNone() {
    return mirror == Mirror.NONE && crop == 0 && cutout == 0;
  }
}
