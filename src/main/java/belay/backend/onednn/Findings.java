package belay.backend.onednn;

import belay.backend.onednn.dnnl.Buffer;
import belay.backend.onednn.stage.GradientLayout;
import belay.net.Tally;

/**
 * What the training of some images found.
 *
 * @param gradient of all parameters, as {@link GradientLayout} has them
 * @param statistics means and variances times images, in the order of the network's statistics
 * @param tally of the images
 */
record Findings(Buffer gradient, float[] statistics, Tally tally) {
  /** Both together; uses the memory of both. */
  Findings plus(Findings more, GradientPool pool) {
    for (int i = 0; i < statistics.length; i++) {
      statistics[i] += more.statistics[i];
    }
    return new Findings(pool.plus(gradient, more.gradient), statistics, tally.plus(more.tally));
  }
}
