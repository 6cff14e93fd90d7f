package belay.svm;

import belay.backend.FloatMatrix;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * Samples sorted by class, and by row within a class.
 *
 * @param classes the labels that occur, ascending [k]
 * @param rows sorted position -> row of the input [n]
 * @param starts sorted position of each class's first sample, then n [k + 1]
 */
record ClassOrder(int[] classes, int[] rows, int[] starts) {
  static ClassOrder of(int[] labels) {
    int[] classes = Arrays.stream(labels).distinct().sorted().toArray();
    int[] starts = new int[classes.length + 1];
    for (int label : labels) {
      starts[Arrays.binarySearch(classes, label) + 1]++;
    }
    Arrays.parallelPrefix(starts, Integer::sum);
    int[] next = starts.clone();
    int[] rows = new int[labels.length];
    for (int row = 0; row < labels.length; row++) {
      rows[next[Arrays.binarySearch(classes, labels[row])]++] = row;
    }
    return new ClassOrder(classes, rows, starts);
  }

  /**
   * Brings row {@code rows[p]} to position p, for all p, with room for one row.
   *
   * @throws belay.error.StoppedException if told to stop; some rows are at their place then
   */
  void sort(FloatMatrix samples, Cancellation cancellation) {
    BitSet done = new BitSet(rows.length);
    for (int p = 0; p < rows.length; p++) {
      if (!done.get(p)) {
        cycle(samples, p, done, cancellation);
      }
    }
  }

  /** Every position takes the row of the next one, the last one that of the first. */
  private void cycle(FloatMatrix samples, int start, BitSet done, Cancellation cancellation) {
    float[] values = samples.values();
    int width = samples.columns();
    float[] first = Arrays.copyOfRange(values, start * width, (start + 1) * width);
    int position = start;
    for (int next = rows[position]; next != start; next = rows[position]) {
      cancellation.check();
      System.arraycopy(values, next * width, values, position * width, width);
      done.set(position);
      position = next;
    }
    System.arraycopy(first, 0, values, position * width, width);
    done.set(position);
  }

  int count() {
    return classes.length;
  }

  /** The sorted positions of a class, by its index. */
  Range range(int index) {
    return new Range(starts[index], starts[index + 1] - starts[index]);
  }

  int largest() {
    return IntStream.range(0, count()).map(c -> range(c).count()).max().orElse(0);
  }

  /** Samples of the largest problem. */
  int largestPair() {
    return IntStream.range(0, count()).map(c -> -range(c).count()).sorted().limit(2).sum() * -1;
  }

  /** All pairs of class indices, the lower first, in the order of their problems. */
  static int[][] pairs(int classes) {
    return IntStream.range(0, classes)
        .boxed()
        .flatMap(a -> IntStream.range(a + 1, classes).mapToObj(b -> new int[] {a, b}))
        .toArray(int[][]::new);
  }
}
