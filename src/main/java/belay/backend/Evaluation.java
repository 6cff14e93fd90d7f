package belay.backend;

import belay.net.Tally;
import java.util.BitSet;

/**
 * What forward passes over some images showed.
 *
 * @param live latent features that were not zero for at least one image
 */
public record Evaluation(Tally tally, BitSet live) {
  public static Evaluation none() {
    return new Evaluation(Tally.NONE, new BitSet());
  }

  /** Both together; sums in the order of calls, so that equal calls give equal bits. */
  public Evaluation plus(Evaluation more) {
    BitSet either = (BitSet) live.clone();
    either.or(more.live);
    return new Evaluation(tally.plus(more.tally), either);
  }
}
