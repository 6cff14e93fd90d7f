package belay.svm;

import belay.svm.host.Heap;

/**
 * How many rows to decide on at a time: few and large batches are best, since each passes all
 * support vectors.
 */
final class Batches {
  /** Values of a batch at most: 1 GiB. */
  private static final long MOST_VALUES = 1 << 28;

  /** Rows of a batch at least, however little memory there is. */
  private static final int FEWEST_ROWS = 64;

  private Batches() {}

  static int most(int rows, int columns) {
    return (int) Math.max(1, Math.min(rows, MOST_VALUES / Math.max(1, columns)));
  }

  /** The same, or as many as fit into half of what the Java heap can still give. */
  static int ofHeap(int rows, int columns) {
    long width = Math.max(1, columns);
    long wanted = most(rows, columns) * width * Float.BYTES;
    long bytes = Math.min(wanted, Heap.wanting(2 * wanted).free() / 2);
    long fitting = Math.max(FEWEST_ROWS, bytes / Float.BYTES / width);
    return (int) Math.min(most(rows, columns), fitting);
  }
}
