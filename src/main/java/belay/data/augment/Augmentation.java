package belay.data.augment;

/**
 * How training sees its images: each time another view, drawn for each image alone from (seed,
 * epoch, image, what is drawn), so that views depend on no minibatch, shard or device. Pixels are
 * computed in whole numbers: every device has the same bytes.
 *
 * <p>A view is a box of the image, scaled, then cropped, mirrored, changed by RandAugment,
 * coloured, cut out, and mixed with the view of another image.
 *
 * @param mirror left and right change places
 * @param crop pixels by which the view is shifted at most in each direction, both drawn
 * @param border what stands where a shifted view has no image
 * @param scaleFrom smallest share of the image that a view shows, see {@link Box}; 1 for all
 * @param randAugment operations drawn from a list
 * @param jitter how colours change
 * @param cutout side of a square that is covered with {@link #GREY}, its centre anywhere in the
 *     view (DeVries, Taylor 2017, arXiv:1708.04552); 0 for none
 * @param mixing with views of other images
 * @param noise on what a network reads that reconstructs the view
 */
public record Augmentation(
    Mirror mirror,
    int crop,
    Border border,
    double scaleFrom,
    RandAugment randAugment,
    Jitter jitter,
    int cutout,
    Mixing mixing,
    Noise noise) {
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

  /**
   * Largest strengths s of changes, in this order; 0 for none. The first three multiply by a factor
   * f from 1 - s to 1 + s, {@link ColourChange} says what.
   *
   * @param brightness at most 1
   * @param contrast at most 1
   * @param saturation at most 1
   * @param hue colours turn by a part of a circle from -s to s; at most 0.5
   */
  public record Jitter(double brightness, double contrast, double saturation, double hue) {
    public static final Jitter NONE = new Jitter(0, 0, 0, 0);

    public Jitter {
      within("brightness", brightness, 1);
      within("contrast", contrast, 1);
      within("saturation", saturation, 1);
      within("hue", hue, 0.5);
    }

    /** Whether pixels must have a colour. */
    boolean wantsColour() {
      return saturation > 0 || hue > 0;
    }
  }

  /**
   * Operations that follow one another on a view; see {@link RandomOperation}.
   *
   * @param operations 0 for none, at most 16
   * @param magnitude strength of all of them, from 0 to 30
   */
  public record RandAugment(int operations, int magnitude) {
    private static final int MOST = 30;

    public static final RandAugment NONE = new RandAugment(0, 0);

    public RandAugment {
      within("operations", operations, 16);
      within("magnitude", magnitude, MOST);
    }

    /** From 0 to 1. */
    double strength() {
      return (double) magnitude / MOST;
    }
  }

  /**
   * Each view is mixed with the view that the same epoch makes of another image of the training;
   * where both numbers are set, either way is as likely. See {@link Mixture}.
   *
   * @param mixup shares are of the distribution Beta(mixup, mixup); 0 for no mixup, at most 10
   * @param cutmix the same of rectangles; 0 for no CutMix, at most 10
   */
  public record Mixing(double mixup, double cutmix) {
    public static final Mixing NONE = new Mixing(0, 0);

    public Mixing {
      within("mixup", mixup, 10);
      within("cutmix", cutmix, 10);
    }

    public boolean isNone() {
      return mixup == 0 && cutmix == 0;
    }
  }

  /**
   * What a network that reconstructs is to see through; see {@link Corruption}.
   *
   * @param deviation of Gaussian noise, where bytes are from 0 to 1; at most 1
   * @param masked share of squares that are black
   * @param patch side of those squares, from 1
   */
  public record Noise(double deviation, double masked, int patch) {
    public static final Noise NONE = new Noise(0, 0, 1);

    public Noise {
      within("noise", deviation, 1);
      within("mask", masked, 1);
      if (patch < 1) {
        throw new IllegalArgumentException("patches of " + patch + " pixels");
      }
    }

    public boolean isNone() {
      return deviation == 0 && masked == 0;
    }
  }

  public Augmentation {
    if (crop < 0 || cutout < 0) {
      throw new IllegalArgumentException("crop " + crop + " or cutout " + cutout + " is negative");
    }
    if (!(scaleFrom > 0 && scaleFrom <= 1)) {
      throw new IllegalArgumentException("scale from " + scaleFrom);
    }
  }

  /** Pixels are moved or covered, and stay what they are. */
  public Augmentation(Mirror mirror, int crop, Border border, int cutout) {
    this(mirror, crop, border, 1, RandAugment.NONE, Jitter.NONE, cutout, Mixing.NONE, Noise.NONE);
  }

  private static void within(String name, double value, double most) {
    if (!(value >= 0 && value <= most)) {
      throw new IllegalArgumentException(name + " " + value + " is not from 0 to " + most);
    }
  }

  /** Whether pixels are at most moved or covered. */
  public boolean leavesPixels() {
    return scaleFrom == 1
        && randAugment.operations() == 0
        && jitter.equals(Jitter.NONE)
        && mixing.isNone()
        && noise.isNone();
  }

  public boolean isNone() {
    return leavesPixels() && mirror == Mirror.NONE && crop == 0 && cutout == 0;
  }
}
