package belay.view;

import java.util.List;
import java.util.Optional;

/**
 * What the classifier said of the test images.
 *
 * @param pairs most confused first
 * @param origin which checkpoint it goes back to, in words, where that is not the one of the best
 *     test loss; else empty
 */
public record Judgement(ConfusionMatrix confusion, List<Pair> pairs, String origin) {
  public Judgement {
    pairs = List.copyOf(pairs);
  }

  /** To stand behind the accuracy. */
  public String remark() {
    return origin.isEmpty() ? "" : ", features " + origin;
  }

  /**
   * Images of one class that were taken for another.
   *
   * @param count how many
   * @param examples some of them, where the images are at hand
   */
  public record Pair(String actual, String predicted, int count, Optional<Picture> examples) {}
}
