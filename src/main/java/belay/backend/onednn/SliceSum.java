package belay.backend.onednn;

import belay.backend.ShardTree;
import java.util.Optional;
import java.util.function.BinaryOperator;

/** Sums what slices found, in their order: inside a shard one after another, then in the tree. */
final class SliceSum<P> {
  private final BinaryOperator<P> plus;
  private final ShardTree<P> tree;
  private P shard; // so far

  /**
   * @param plus of two neighbours, the earlier first; it may reuse both
   */
  SliceSum(BinaryOperator<P> plus) {
    this.plus = plus;
    this.tree = new ShardTree<>(plus);
  }

  void add(Slice slice, P part) {
    shard = slice.first() ? part : plus.apply(shard, part);
    if (slice.last()) {
      tree.add(shard);
    }
  }

  Optional<P> total() {
    return tree.total();
  }
}
