package belay.data.augment;

import belay.data.augment.Augmentation.Border;
import belay.data.augment.Augmentation.Jitter;
import belay.data.augment.Augmentation.Mirror;
import belay.data.augment.Augmentation.Mixing;
import belay.data.augment.Augmentation.Noise;
import belay.data.augment.Augmentation.RandAugment;

/** Augmentations that do one thing, and some that do all. */
public final class Augmentations {
  private Augmentations() {}

  public static Augmentation jitter(
      double brightness, double contrast, double saturation, double hue) {
    Jitter jitter = new Jitter(brightness, contrast, saturation, hue);
    return new Augmentation(
        Mirror.NONE, 0, Border.REFLECT, 1, RandAugment.NONE, jitter, 0, Mixing.NONE, Noise.NONE);
  }

  public static Augmentation operations(int operations, int magnitude) {
    RandAugment random = new RandAugment(operations, magnitude);
    return new Augmentation(
        Mirror.NONE, 0, Border.REFLECT, 1, random, Jitter.NONE, 0, Mixing.NONE, Noise.NONE);
  }

  public static Augmentation scaled(double from) {
    return new Augmentation(
        Mirror.NONE,
        0,
        Border.REFLECT,
        from,
        RandAugment.NONE,
        Jitter.NONE,
        0,
        Mixing.NONE,
        Noise.NONE);
  }

  public static Augmentation mixed(double mixup, double cutmix) {
    Mixing mixing = new Mixing(mixup, cutmix);
    return new Augmentation(
        Mirror.NONE, 0, Border.REFLECT, 1, RandAugment.NONE, Jitter.NONE, 0, mixing, Noise.NONE);
  }

  public static Augmentation noisy(double noise, double mask, int patch) {
    return new Augmentation(
        Mirror.NONE,
        0,
        Border.REFLECT,
        1,
        RandAugment.NONE,
        Jitter.NONE,
        0,
        Mixing.NONE,
        new Noise(noise, mask, patch));
  }

  /** For images of 4 x 4. */
  public static Augmentation tiny() {
    Jitter jitter = new Jitter(0.1, 0.1, 0.1, 0.1);
    return new Augmentation(
        Mirror.RANDOM,
        1,
        Border.REFLECT,
        0.5,
        RandAugment.NONE,
        jitter,
        0,
        new Mixing(0.1, 0),
        new Noise(0.02, 0.1, 1));
  }

  /** All that images of any number of channels can have. */
  public static Augmentation greys() {
    Jitter jitter = new Jitter(0.4, 1, 0, 0);
    return new Augmentation(
        Mirror.RANDOM,
        2,
        Border.ZERO,
        0.3,
        new RandAugment(2, 9),
        jitter,
        3,
        new Mixing(0.4, 2),
        new Noise(0.05, 0.1, 2));
  }

  /** All that images of three channels can have. */
  public static Augmentation colours() {
    Jitter jitter = new Jitter(0.4, 0.3, 0.5, 0.5);
    return new Augmentation(
        Mirror.ALTERNATE,
        2,
        Border.REFLECT,
        0.08,
        new RandAugment(3, 15),
        jitter,
        2,
        new Mixing(1, 1),
        new Noise(0.1, 0.2, 3));
  }
}
