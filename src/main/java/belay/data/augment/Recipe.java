package belay.data.augment;

import belay.data.augment.Augmentation.Jitter;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An augmentation in whole numbers, with its tables: all that a device needs to know of it.
 *
 * @param mirror place of its constant
 * @param border place of its constant
 * @param scales 1 where {@link Box}es are drawn, else 0
 * @param brightness strengths of factors, in 1/65536
 * @param hue in 1/65536 of a sixth of a turn
 * @param mixup 1 where views may be mixed byte by byte, else 0
 * @param cutmix 1 where rectangles may be put on them, else 0
 * @param operations of RandAugment; the following are its strengths, see {@link RandomOperation}
 * @param threshold from which on bytes are turned into their opposites, 256 for none
 * @param mask of the bits of bytes that stay
 * @param noise 1 where bytes get noise, else 0
 * @param masked share of squares that are black, in 1/65536
 * @param patch their side
 * @param sides of boxes: {@link Quantiles#sides}
 * @param ratios of their sides: {@link Quantiles#ratios}
 * @param shares of views in mixtures: {@link Quantiles#shares}
 * @param roots of shares of rectangles: {@link Quantiles#roots}
 * @param deviations of bytes: {@link Quantiles#deviations}
 */
public record Recipe(
    int mirror,
    int crop,
    int border,
    int cutout,
    int scales,
    int brightness,
    int contrast,
    int saturation,
    int hue,
    int mixup,
    int cutmix,
    int operations,
    int factor,
    int cosine,
    int sine,
    int shear,
    int shift,
    int threshold,
    int mask,
    int noise,
    int masked,
    int patch,
    int[] sides,
    int[] ratios,
    int[] shares,
    int[] roots,
    int[] deviations) {
  /** Numbers before the tables. */
  public static final int FIELDS = 22;

  /** Entries of each table. */
  public static final int QUANTILES = Quantiles.COUNT;

  static final int TABLES = 5;

  /** Numbers in all. */
  public static final int WORDS = FIELDS + TABLES * QUANTILES;

  private static final int SIXTHS = 6;

  public static Recipe of(Augmentation how) {
    Jitter jitter = how.jitter();
    double strength = how.randAugment().strength();
    double angle = strength * StrictMath.PI / 6;
    return new Recipe(
        how.mirror().ordinal(),
        how.crop(),
        how.border().ordinal(),
        how.cutout(),
        how.scaleFrom() < 1 ? 1 : 0,
        FixedPoint.of(jitter.brightness()),
        FixedPoint.of(jitter.contrast()),
        FixedPoint.of(jitter.saturation()),
        FixedPoint.of(SIXTHS * jitter.hue()),
        how.mixing().mixup() > 0 ? 1 : 0,
        how.mixing().cutmix() > 0 ? 1 : 0,
        how.randAugment().operations(),
        FixedPoint.of(0.9 * strength),
        FixedPoint.of(StrictMath.cos(angle)),
        FixedPoint.of(StrictMath.sin(angle)),
        FixedPoint.of(0.3 * strength),
        FixedPoint.of(150.0 / 331 * strength),
        256 - (int) Math.rint(256 * strength),
        0xFF << (int) Math.rint(4 * strength) & 0xFF,
        how.noise().deviation() > 0 ? 1 : 0,
        FixedPoint.of(how.noise().masked()),
        how.noise().patch(),
        Quantiles.sides(how.scaleFrom()),
        Quantiles.ratios(),
        table(how.mixing().mixup(), Quantiles::shares),
        table(how.mixing().cutmix(), Quantiles::roots),
        table(255 * how.noise().deviation(), Quantiles::deviations));
  }

  /** One that takes a while to compute; zeros where none is wanted. */
  private static int[] table(double parameter, DoubleFunction<int[]> quantiles) {
    return parameter > 0 ? quantiles.apply(parameter) : new int[QUANTILES];
  }

  boolean mixes() {
    return mixup + cutmix > 0;
  }

  /** As kernels/recipe.cuh reads it [{@link #WORDS}]. */
  public int[] words() {
    int[] fields = {
      mirror,
      crop,
      border,
      cutout,
      scales,
      brightness,
      contrast,
      saturation,
      hue,
      mixup,
      cutmix,
      operations,
      factor,
      cosine,
      sine,
      shear,
      shift,
      threshold,
      mask,
      noise,
      masked,
      patch
    };
    return Stream.of(fields, sides, ratios, shares, roots, deviations)
        .flatMapToInt(IntStream::of)
        .toArray();
  }
}
