package belay.tune;

import belay.view.TuningStep.Verdict;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a step of the recipe found.
 *
 * @param sentence the verdict in words
 * @param keys found: those to train with as far as this step knows; none for a step that only looks
 * @param trials that it follows from
 */
public record Finding(
    Part part, Verdict verdict, String sentence, Map<String, String> keys, List<Trial> trials) {
  static final String RATE = "train.learning-rate";
  static final String DECAY = "train.weight-decay";

  public Finding {
    keys = Collections.unmodifiableMap(new TreeMap<>(keys));
    trials = List.copyOf(trials);
  }
}
