package belay.backend.loss;

import belay.data.ImageSet;

/**
 * What the outputs for some images are compared with.
 *
 * @param images [count, H, W, C] and perhaps more behind them
 * @param labels class of each image [count]
 */
public record Targets(float[] images, int[] labels) {
  /**
   * Reads images, and their labels with them.
   *
   * @param images receives [to - from, H, W, C]
   */
  public static Targets read(ImageSet set, int[] rows, int from, int to, float[] images) {
    set.normalized(rows, from, to, images);
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
