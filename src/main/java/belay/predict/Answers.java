package belay.predict;

import belay.data.source.ImageFiles;
import belay.json.Json;
import belay.view.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a classifier says of images, beside what they are where their files tell.
 *
 * @param names of the classes by label
 * @param predictions label of each image
 */
public record Answers(List<String> names, ImageFiles.Named images, int[] predictions) {
  /** A line an image, and the accuracy. */
  public String text() {
    return table().text() + (labelled() == 0 ? "" : accuracy());
  }

  public String json() {
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("predictions", table().records());
    if (labelled() > 0) {
      page.put("labelled", labelled());
      page.put("right", right());
      page.put("accuracy", (double) right() / labelled());
    }
    return Json.page(page);
  }

  /** With a line of headings, as RFC 4180 has it. */
  public String csv() {
    return table().csv("\n");
  }

  private Table table() {
    boolean isLabelled = labelled() > 0;
    Table table = isLabelled ? new Table("image", "class", "label") : new Table("image", "class");
    for (int i = 0; i < predictions.length; i++) {
      String image = images.names().get(i);
      String predicted = name(predictions[i]);
      if (isLabelled) {
        int label = images.labels()[i];
        table.row(image, predicted, label < 0 ? null : name(label));
      } else {
        table.row(image, predicted);
      }
    }
    return table;
  }

  private String accuracy() {
    return String.format(
        Locale.ROOT,
        "accuracy %.2f %% (%d of %d)%n",
        100.0 * right() / labelled(),
        right(),
        labelled());
  }

  private int labelled() {
    return (int) IntStream.of(images.labels()).filter(label -> label >= 0).count();
  }

  private int right() {
    return (int)
        IntStream.range(0, predictions.length)
            .filter(i -> predictions[i] == images.labels()[i])
            .count();
  }

  private String name(int label) {
    return label < names.size() ? names.get(label) : Integer.toString(label);
  }
}
