package belay.backend;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.BinaryOperator;

/**
 * Sums the parts of shards 0, 1, 2 .. in one perfect binary tree, whose missing leaves at the end
 * are left out: ((0 + 1) + (2 + 3)) + ((4 + 5) + 6). It holds at most one part a level.
 *
 * @param <P> a part of a sum
 */
public final class ShardTree<P> {
  private final BinaryOperator<P> plus;
  private final Deque<P> subtrees = new ArrayDeque<>(); // the last and smallest first
  private int count;

  /**
   * @param plus of two neighbours, the earlier first; it may reuse both
   */
  public ShardTree(BinaryOperator<P> plus) {
    this.plus = plus;
  }

  /** Adds the part of the next shard. */
  public void add(P part) {
    P sum = part;
    for (int full = count; (full & 1) == 1; full >>= 1) {
      sum = plus.apply(subtrees.pop(), sum);
    }
    subtrees.push(sum);
    count++;
  }

  /** The sum of all parts; empty if there were none. The tree is empty afterwards. */
  public Optional<P> total() {
    count = 0;
    P sum = subtrees.poll();
    while (!subtrees.isEmpty()) {
      sum = plus.apply(subtrees.pop(), sum);
    }
    return Optional.ofNullable(sum);
  }
}
