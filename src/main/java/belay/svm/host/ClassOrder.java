package belay.svm.host;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Samples sorted by class, and by row within a class.
 *
 * @param classes the labels that occur, ascending [k]
 * @param rows sorted position -> row of the input [n]
 * @param starts sorted position of each class's first sample, then n [k + 1]
 */
public record ClassOrder(int[] classes, int[] rows, int[] starts) {
  public static ClassOrder of(int[] labels) {
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

  /** Classes 0, 1 .. of these sizes, sorted already. */
  static ClassOrder sorted(int[] sizes) {
    int[] starts = new int[sizes.length + 1];
    System.arraycopy(sizes, 0, starts, 1, sizes.length);
    Arrays.parallelPrefix(starts, Integer::sum);
    int samples = starts[sizes.length];
    return new ClassOrder(
        IntStream.range(0, sizes.length).toArray(), IntStream.range(0, samples).toArray(), starts);
  }

  /** Input row -> sorted position [n]. */
  public int[] places() {
    int[] places = new int[rows.length];
    for (int p = 0; p < rows.length; p++) {
      places[rows[p]] = p;
    }
    return places;
  }

  /** The class of a sorted position, by its index. */
  public int classOf(int place) {
    int found = Arrays.binarySearch(starts, place);
    return found >= 0 ? found : -found - 2;
  }

  public int[] sizes() {
    return IntStream.range(0, count()).map(c -> range(c).count()).toArray();
  }

  public int count() {
    return classes.length;
  }

  /** The sorted positions of a class, by its index. */
  public Range range(int index) {
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
  public static int[][] pairs(int classes) {
    return IntStream.range(0, classes)
        .boxed()
        .flatMap(a -> IntStream.range(a + 1, classes).mapToObj(b -> new int[] {a, b}))
        .toArray(int[][]::new);
  }
}
