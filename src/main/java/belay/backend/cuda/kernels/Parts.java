package belay.backend.cuda.kernels;

import belay.backend.cuda.driver.Call;

/**
 * How a sum over the terms 0, 1, .. of a minibatch is cut into parts, which kernels/parts.cuh
 * numbers alike: every {@code share} terms, and every {@code shard} terms, where a shard begins. So
 * no part has terms of two shards.
 *
 * @param terms pixels, images or tiles of a minibatch
 * @param share terms that one block adds up, or that were added up before
 * @param shard terms of a shard
 */
public record Parts(int terms, int share, int shard) {
  /** Blocks that add up a share each. */
  public int blocks() {
    return (terms + share - 1) / share;
  }

  /** How many parts there are. */
  public int count() {
    int last = terms - 1;
    return last / share + last / shard - last / both() + 1;
  }

  /** How many parts the first shard has. */
  int ofShard() {
    return shard / share + 1 - shard / both();
  }

  /** After how many terms cuts coincide; beyond all terms if they never do. */
  int both() {
    int a = share;
    int b = shard;
    while (b > 0) {
      int rest = a % b;
      a = b;
      b = rest;
    }
    return (int) Math.min(Integer.MAX_VALUE, (long) share / a * shard);
  }

  /** Adds what a kernel needs to know that knows the terms. */
  public Call cuts(Call call) {
    return call.ints(share, shard, both());
  }

  /** Adds what a kernel needs to know. */
  Call all(Call call) {
    return cuts(call.ints(terms));
  }
}
