package belay.backend;

import java.util.BitSet;

/**
 * What forward passes over some images showed.
 *
 * @param errorSum sum over images of the mean squared error of their values
 * @param images images in that sum
 * @param live latent features that were not zero for at least one image
 */
public record Evaluation(double errorSum, long images, BitSet live) {
  public static Evaluation none() {
    return new Evaluation(0, 0, new BitSet());
  }

  /** Both together; sums in the order of calls, so that equal calls give equal bits. */
  public Evaluation plus(Evaluation more) {
    BitSet either = (BitSet) live.clone();
    either.or(more.live);
    return new Evaluation(errorSum + more.errorSum, images + more.images, either);
  }

  public double meanSquaredError() {
    return errorSum / images;
  }
}
