package belay.predict;

import belay.checkpoint.Checkpoint;
import belay.data.ImageSet;
import belay.json.Json;
import belay.view.ConfusionMatrix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How networks classified images whose classes are known.
 *
 * @param networks a line on each
 * @param loss mean over the images of -log of the share that their own class was given, in nats
 */
public record Evaluated(List<String> networks, ConfusionMatrix confusion, double loss) {
  /**
   * @param shares of these images
   */
  public static Evaluated of(
      List<Checkpoint> networks, List<String> names, ImageSet images, Ensemble.Shares shares) {
    int[] actual = new int[images.count()];
    for (int i = 0; i < actual.length; i++) {
      actual[i] = images.label(i);
    }
    List<String> lines =
        networks.stream()
            .map(n -> "%s after epoch %d".formatted(n.network().name(), n.progress().epoch()))
            .toList();
    return new Evaluated(
        lines, ConfusionMatrix.of(names, actual, shares.labels()), shares.loss(actual));
  }

  /** The confusion matrix with the accuracy, and a line on networks and loss. */
  public String text() {
    return confusion.text()
        + String.format(Locale.ROOT, "loss %.6f, by %s%n", loss, String.join(" and ", networks));
  }

  public String json() {
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("networks", networks);
    page.put("images", confusion.samples());
    page.put("right", confusion.correct());
    page.put("accuracy", confusion.accuracy());
    page.put("loss", loss);
    List<Map<String, Object>> classes = new ArrayList<>();
    for (int label = 0; label < confusion.names().size(); label++) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("class", confusion.names().get(label));
      row.put("precision", orNull(confusion.precision(label)));
      row.put("recall", orNull(confusion.recall(label)));
      row.put("predicted", confusion.counts()[label]);
      classes.add(row);
    }
    page.put("classes", classes);
    return Json.page(page);
  }

  private static Double orNull(double share) {
    return Double.isNaN(share) ? null : share;
  }
}
