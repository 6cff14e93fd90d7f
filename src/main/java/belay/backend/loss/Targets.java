package belay.backend.loss;

import belay.data.ImageSet;

/**
 * What the outputs for some images are compared with.
 *
 * @param images as the network reads them [count, H, W, C], and perhaps more behind them
 * @param labels class of each image [count]
 */
public record Targets(float[] images, int[] labels) {
  /**
   * @param rows of the set
   * @param from first entry of rows to use
   * @param to one past the last
   */
  public static Targets of(ImageSet set, int[] rows, int from, int to, float[] images) {
    int[] labels = new int[to - from];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = set.label(rows[from + i]);
    }
    return new Targets(images, labels);
  }

  public int count() {
    return labels.length;
  }
}
