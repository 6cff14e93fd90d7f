package belay.data.augment;

import belay.data.augment.Augmentation.Jitter;
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
 * @param sides of boxes: {@link Quantiles#sides}
 * @param ratios of their sides: {@link Quantiles#ratios}
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
    int[] sides,
    int[] ratios) {
  /** Numbers before the tables. */
  public static final int FIELDS = 9;

  /** Entries of each table. */
  public static final int QUANTILES = Quantiles.COUNT;

  static final int TABLES = 2;

  /** Numbers in all. */
  public static final int WORDS = FIELDS + TABLES * QUANTILES;

  private static final int SIXTHS = 6;

  public static Recipe of(Augmentation how) {
    Jitter jitter = how.jitter();
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
        Quantiles.sides(how.scaleFrom()),
        Quantiles.ratios());
  }

  /** As kernels/augment_draws.cuh reads it [{@link #WORDS}]. */
  public int[] words() {
    int[] fields = {mirror, crop, border, cutout, scales, brightness, contrast, saturation, hue};
    return Stream.of(fields, sides, ratios).flatMapToInt(IntStream::of).toArray();
  }
}
