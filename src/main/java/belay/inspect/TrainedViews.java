package belay.inspect;

import belay.data.augment.Augmentation;
import belay.error.DataException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * How a training saw its images, from the configuration that its checkpoint keeps. Where an earlier
 * belay kept no such key, nothing was done then.
 */
final class TrainedViews {
  private final Map<String, String> keys;

  private TrainedViews(Map<String, String> keys) {
    this.keys = keys;
  }

  /**
   * @throws DataException if a value means nothing
   */
  static Augmentation of(Map<String, String> configuration) {
    return new TrainedViews(configuration).augmentation();
  }

  private Augmentation augmentation() {
    try {
      return new Augmentation(
          choice(Augmentation.Mirror.class, "train.mirror"),
          TrainedOn.numberOr0(keys, "train.crop"),
          choice(Augmentation.Border.class, "train.crop-border"),
          number("train.scale-from", 1),
          new Augmentation.RandAugment(
              TrainedOn.numberOr0(keys, "train.rand-augment"),
              TrainedOn.numberOr0(keys, "train.rand-augment-magnitude")),
          jitter(),
          TrainedOn.numberOr0(keys, "train.cutout"),
          new Augmentation.Mixing(number("train.mixup", 0), number("train.cutmix", 0)),
          new Augmentation.Noise(
              number("train.noise", 0),
              number("train.mask", 0),
              Math.max(1, TrainedOn.numberOr0(keys, "train.mask-patch"))));
    } catch (IllegalArgumentException e) {
      throw new DataException("/configuration of the checkpoint: " + e.getMessage(), e);
    }
  }

  private Augmentation.Jitter jitter() {
    return new Augmentation.Jitter(
        number("train.brightness", 0),
        number("train.contrast", 0),
        number("train.saturation", 0),
        number("train.hue", 0));
  }

  private double number(String key, double usual) {
    String text = keys.getOrDefault(key, Double.toString(usual));
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new DataException(
          "/configuration@%s of the checkpoint is '%s', expected a number".formatted(key, text), e);
    }
  }

  private <E extends Enum<E>> E choice(Class<E> type, String key) {
    E[] all = type.getEnumConstants();
    String text = keys.getOrDefault(key, all[0].name()).toUpperCase(Locale.ROOT);
    return Arrays.stream(all)
        .filter(one -> one.name().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new DataException(
                    "/configuration@%s of the checkpoint is '%s', expected one of %s"
                        .formatted(key, keys.get(key), Arrays.toString(all))));
  }
}
