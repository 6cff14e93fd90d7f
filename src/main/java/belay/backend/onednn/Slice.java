package belay.backend.onednn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Images that one lane computes at once: a shard, or a part of one.
 *
 * @param from place of the first in the minibatch
 * @param to one past the last
 * @param first of its shard
 * @param last of its shard
 */
record Slice(int from, int to, boolean first, boolean last) {
  int size() {
    return to - from;
  }

  /**
   * Cuts a minibatch into shards and those into slices.
   *
   * @param shardSize images of each shard but the last
   * @param sliceSize images of a shard to images of each of its slices but the last
   */
  static List<Slice> of(int images, int shardSize, IntUnaryOperator sliceSize) {
    List<Slice> slices = new ArrayList<>();
    for (int shard = 0; shard < images; shard += shardSize) {
      int end = Math.min(images, shard + shardSize);
      int size = sliceSize.applyAsInt(end - shard);
      for (int from = shard; from < end; from += size) {
        int to = Math.min(end, from + size);
        slices.add(new Slice(from, to, from == shard, to == end));
      }
    }
    return slices;
  }
}
