package belay.svm;

import java.util.stream.LongStream;

/**
 * What fits into the memory for kernel values. Only the time depends on it, never the result.
 *
 * @param threads problems solved at a time
 * @param whole whether each of them holds its whole matrix; otherwise recent rows
 * @param shared whether every class's kernel with itself is kept for all of its problems
 */
record MemoryPlan(int threads, boolean whole, boolean shared) {
  static MemoryPlan of(ClassOrder order, long bytes, int threads) {
    long[] counts = LongStream.range(0, order.count()).map(c -> count(order, c)).toArray();
    long squares = LongStream.of(counts).map(n -> n * n * Float.BYTES).sum();
    int problems = counts.length * (counts.length - 1) / 2;
    long[] largest = LongStream.of(counts).sorted().skip(counts.length - 2).toArray();
    long pair = (largest[0] + largest[1]) * (largest[0] + largest[1]) * Float.BYTES;
    long matrices = Math.min(bytes / pair, problems);
    long besideSquares = Math.min((bytes - squares) / pair, problems);
    // A single problem has nobody to share with.
    if (problems > 1 && bytes > squares && besideSquares > 0) {
      return new MemoryPlan((int) Math.min(threads, besideSquares), true, true);
    }
    return new MemoryPlan((int) Math.max(1, Math.min(threads, matrices)), matrices > 0, false);
  }

  private static long count(ClassOrder order, long index) {
    return order.range((int) index).count();
  }
}
