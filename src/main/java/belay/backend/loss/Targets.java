package belay.backend.loss;

import belay.data.ImageSet;
import belay.data.MixedLabel;

/**
 * What the outputs for some images are compared with.
 *
 * @param images as a network is to reconstruct them [count, H, W, C], and perhaps more behind them
 * @param labels what each image is of [count]
 */
public record Targets(float[] images, MixedLabel[] labels) {
  /**
   * Of images that are no mixtures.
   *
   * @param rows of the set
   * @param from first entry of rows to use
   * @param to one past the last
   */
  public static Targets of(ImageSet set, int[] rows, int from, int to, float[] images) {
    MixedLabel[] labels = new MixedLabel[to - from];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = MixedLabel.of(set.label(rows[from + i]));
    }
    return new Targets(images, labels);
  }

  public int count() {
    return labels.length;
  }
}
