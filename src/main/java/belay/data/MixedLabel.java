package belay.data;

/**
 * What an image is of: a class, and perhaps another one.
 *
 * @param label class of the image
 * @param other class of what is mixed with it
 * @param share of the image in the mixture, 0 to 1
 */
public record MixedLabel(int label, int other, double share) {
  /** That of an image as it is. */
  public static MixedLabel of(int label) {
    return new MixedLabel(label, label, 1);
  }

  /** The class with the larger share, the image's own where both are alike. */
  public int larger() {
    return share >= 0.5 ? label : other;
  }
}
