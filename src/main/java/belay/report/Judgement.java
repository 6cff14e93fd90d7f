package belay.report;

import java.util.List;
import java.util.Optional;

/**
 * What the classifier said of the test images.
 *
 * @param pairs most confused first
 */
public record Judgement(ConfusionMatrix confusion, List<Pair> pairs) {
  public Judgement {
    pairs = List.copyOf(pairs);
  }

  /**
   * Images of one class that were taken for another.
   *
   * @param count how many
   * @param examples some of them, where the images are at hand
   */
  public record Pair(String actual, String predicted, int count, Optional<Picture> examples) {}
}
