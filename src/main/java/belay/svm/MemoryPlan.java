package belay.svm;

import java.util.stream.LongStream;

/**
 * What fits into the memory for kernel values. Only the time depends on it, never the result.
 *
 * @param threads problems solved at a time
 * @param whole whether each of them holds its whole matrix; otherwise recent rows
 * @param shared whether every class's kernel with itself is kept for all of its problems
 * @param bytes all that kernel values may occupy
 */
record MemoryPlan(int threads, boolean whole, boolean shared, long bytes) {
  /**
   * @param tile bytes that a thread needs beside the matrix of its problem
   */
  static MemoryPlan of(ClassOrder order, long bytes, int threads, long tile) {
    long squares = squares(order);
    int problems = problems(order);
    long pair = matrix(order) + tile;
    long matrices = Math.min(bytes / pair, problems);
    long besideSquares = Math.min((bytes - squares) / pair, problems);
    // A single problem has nobody to share with.
    if (problems > 1 && bytes > squares && besideSquares > 0) {
      return new MemoryPlan((int) Math.min(threads, besideSquares), true, true, bytes);
    }
    int together = (int) Math.max(1, Math.min(threads, matrices));
    return new MemoryPlan(together, matrices > 0, false, bytes);
  }

  /** Bytes beyond which more memory is of no use. */
  static long most(ClassOrder order, int threads, long tile) {
    long together = Math.min(threads, problems(order)) * (matrix(order) + tile);
    return squares(order) + together;
  }

  private static int problems(ClassOrder order) {
    return order.count() * (order.count() - 1) / 2;
  }

  private static long squares(ClassOrder order) {
    return LongStream.range(0, order.count())
        .map(c -> order.range((int) c).count())
        .map(n -> n * n * Float.BYTES)
        .sum();
  }

  private static long matrix(ClassOrder order) {
    return (long) order.largestPair() * order.largestPair() * Float.BYTES;
  }
}
