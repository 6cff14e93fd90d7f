package belay.net;

/**
 * What was summed up over images: in training since the epoch began, or in an evaluation.
 *
 * @param lossSum sum of the images' losses, in training each by the weights that the image's own
 *     update had not changed yet; NaN if training has diverged
 * @param images in that sum
 * @param right of them, those whose label has the largest score, the first of equals; 0 where a
 *     network has no classes
 */
public record Tally(double lossSum, long images, long right) {
  public static final Tally NONE = new Tally(0, 0);

  /** Without classes. */
  public Tally(double lossSum, long images) {
    this(lossSum, images, 0);
  }

  /** Both together; sums in the order of calls, so that equal calls give equal bits. */
  public Tally plus(Tally more) {
    return new Tally(lossSum + more.lossSum, images + more.images, right + more.right);
  }

  /** The mean over the images; 0 if there are none. */
  public double loss() {
    return images == 0 ? 0 : lossSum / images;
  }

  /** Share of the images that are right, 0 to 1; 0 if there are none. */
  public double accuracy() {
    return images == 0 ? 0 : (double) right / images;
  }
}
