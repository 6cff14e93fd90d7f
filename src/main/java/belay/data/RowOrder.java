package belay.data;

import belay.random.Philox;
import java.util.Arrays;

/** The order in which an epoch visits the rows: a function of (seed, epoch) and of nothing else. */
public final class RowOrder {
  private final Philox random;
  private final int count;

  public RowOrder(long seed, int count) {
    this.random = new Philox(seed, Philox.Purpose.ROW_ORDER);
    this.count = count;
  }

  /** A permutation of 0 .. count - 1 by Fisher and Yates' shuffle (Durstenfeld 1964). */
  public int[] permutation(int epoch) {
    int[] rows = identity(count);
    for (int i = count - 1; i > 0; i--) {
      int j = random.below(i + 1, epoch, i);
      int row = rows[i];
      rows[i] = rows[j];
      rows[j] = row;
    }
    return rows;
  }

  /** 0, 1, .. count - 1: the order of evaluation and extraction. */
  public static int[] identity(int count) {
    int[] rows = new int[count];
    Arrays.setAll(rows, i -> i);
    return rows;
  }
}
