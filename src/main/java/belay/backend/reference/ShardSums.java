package belay.backend.reference;

import belay.net.Tally;

/**
 * What is summed over the images of some shards.
 *
 * @param gradient of the loss [parameters]
 * @param tally of images
 * @param statistics what the running statistics follow
 */
record ShardSums(float[] gradient, Tally tally, double[] statistics) {
  /** Both; reuses these arrays. */
  ShardSums plus(ShardSums more) {
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] += more.gradient[i];
    }
    for (int i = 0; i < statistics.length; i++) {
      statistics[i] += more.statistics[i];
    }
    return new ShardSums(gradient, tally.plus(more.tally), statistics);
  }
}
