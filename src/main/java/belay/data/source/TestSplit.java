package belay.data.source;

import belay.data.RowOrder;
import belay.random.Philox;
import java.util.stream.IntStream;

/**
 * Which images of a data set without test images become its test images: the same share of each
 * class, a function of the class and of the order of its images alone. train.seed has no part in
 * it, so that runs with different seeds are judged by the same images.
 */
final class TestSplit {
  private static final long SEED = 0;

  private final Philox random = new Philox(SEED, Philox.Purpose.TEST_SPLIT);
  private final int percent;

  /**
   * @param percent of each class, rounded, but at least one image and not all
   */
  TestSplit(int percent) {
    this.percent = percent;
  }

  /**
   * @param labels of all images in their order
   * @return whether each is a test image
   */
  boolean[] choose(byte[] labels) {
    boolean[] chosen = new boolean[labels.length];
    for (int label = 0; label < Labels.MOST; label++) {
      int[] rows = rows(labels, label);
      boolean[] ofClass = choose(label, rows.length);
      for (int i = 0; i < rows.length; i++) {
        chosen[rows[i]] = ofClass[i];
      }
    }
    return chosen;
  }

  private static int[] rows(byte[] labels, int label) {
    return IntStream.range(0, labels.length).filter(i -> (labels[i] & 0xFF) == label).toArray();
  }

  /**
   * The first of the shuffled images of one class (Durstenfeld 1964).
   *
   * @param count images of the class
   * @return whether each is a test image
   */
  boolean[] choose(int label, int count) {
    boolean[] chosen = new boolean[count];
    int[] rows = RowOrder.identity(count);
    long share = Math.min(count - 1L, Math.max(1, Math.round(count * percent / 100.0)));
    for (int i = 0; i < share; i++) {
      int j = i + random.below(count - i, label, i);
      chosen[rows[j]] = true;
      rows[j] = rows[i];
    }
    return chosen;
  }
}
