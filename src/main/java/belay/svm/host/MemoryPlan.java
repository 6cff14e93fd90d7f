package belay.svm.host;

import java.util.stream.LongStream;

/**
 * What fits into the memory for kernel values. Only the time depends on it, never the result.
 *
 * @param threads problems solved at a time
 * @param bytes all that kernel values may occupy
 */
record MemoryPlan(int threads, Keep keep, long bytes) {
  /** What is kept in memory. */
  enum Keep {
    /** The whole matrix, for all problems, folds and values of C. */
    ALL,
    /** Every class's kernel with itself, and the whole matrix of each pair that is being solved. */
    SQUARES,
    /** The whole matrix of each pair that is being solved. */
    PAIRS,
    /** The rows of a pair that were used last. */
    ROWS
  }

  /**
   * @param tile bytes that a thread needs beside the matrix of its problem
   */
  static MemoryPlan of(ClassOrder order, long bytes, int threads, long tile) {
    if (bytes >= all(order, tile)) {
      return new MemoryPlan(threads, Keep.ALL, bytes);
    }
    int problems = problems(order);
    long squares = squares(order);
    long pair = matrix(order) + tile;
    long matrices = Math.min(bytes / pair, problems);
    long besideSquares = Math.min((bytes - squares) / pair, problems);
    // A single problem has nobody to share with.
    if (problems > 1 && bytes > squares && besideSquares > 0) {
      return new MemoryPlan((int) Math.min(threads, besideSquares), Keep.SQUARES, bytes);
    }
    int together = (int) Math.max(1, Math.min(threads, matrices));
    return new MemoryPlan(together, matrices > 0 ? Keep.PAIRS : Keep.ROWS, bytes);
  }

  /** Bytes beyond which more memory is of no use. */
  static long all(ClassOrder order, long tile) {
    long samples = order.rows().length;
    return samples * samples * Float.BYTES + tile;
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
