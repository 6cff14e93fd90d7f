package belay.view;

import java.util.List;

/**
 * Test images beside what the network makes of them.
 *
 * @param labels of the images, in order
 * @param originals one picture of all images side by side
 * @param rows what came back, oldest first
 */
public record Reconstructions(List<String> labels, Picture originals, List<Row> rows) {
  public Reconstructions {
    labels = List.copyOf(labels);
    rows = List.copyOf(rows);
  }

  /**
   * The images after some epochs.
   *
   * @param title "epoch 12"
   * @param error mean squared error per value over these images
   */
  public record Row(String title, double error, Picture picture) {}
}
