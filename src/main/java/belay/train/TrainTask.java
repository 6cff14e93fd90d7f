package belay.train;

import belay.backend.TrainSpec;
import belay.net.Network;
import belay.net.Tally;

/**
 * What is trained on what.
 *
 * @param trainImages images of an epoch
 * @param judge of every epoch
 */
public record TrainTask(Network network, TrainSpec spec, int trainImages, Judge judge) {
  /**
   * Images that every epoch is judged by.
   *
   * @param areHeldOut whether they are training images that were held out, and not test images
   */
  public record Judge(int images, boolean areHeldOut) {
    /** "validation" or "test". */
    public String word() {
      return areHeldOut ? "validation" : "test";
    }
  }

  /** Share of a tally's images that are right; NaN where the network has no classes. */
  double accuracy(Tally tally) {
    return network.program().classifies() ? tally.accuracy() : Double.NaN;
  }
}
