package belay.review;

import belay.checkpoint.CheckpointName;
import belay.checkpoint.KeyHistory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The commands that train a network again as it was trained, bit by bit: one, and one more for each
 * time that keys were changed between two epochs.
 *
 * @param steps in order; none if no command repeats the training
 * @param keys that the run directory remembers after them
 * @param remarks why there are none, and what may differ
 */
record TrainingSteps(List<Step> steps, Map<String, String> keys, List<String> remarks) {
  private static final String EPOCHS = "train.epochs";

  /** Curves of the learning rate that do not depend on how many epochs there will be. */
  private static final Set<String> ENDLESS = Set.of("constant", "step", "inverse-sqrt");

  /**
   * @param lineage of the run
   * @param last keys that its newest checkpoint was made with
   * @param history of those that had other values before
   * @param isSaid whether a command should name a key
   */
  static TrainingSteps of(
      Lineage lineage, Map<String, String> last, KeyHistory history, Predicate<String> isSaid) {
    List<Step> steps = new ArrayList<>();
    Map<String, String> said = RunProperties.defaults();
    for (Map<String, String> keys : phases(lineage, last, history)) {
      if (keys.isEmpty()) {
        return new TrainingSteps(List.of(), last, List.of(unrepeatable(history)));
      }
      steps.add(new Step("train", List.of(), difference(keys, said, isSaid)));
      said = keys;
    }
    return new TrainingSteps(steps, said, moved(history));
  }

  /** The keys from one change to the next; an empty map where a command cannot end. */
  private static List<Map<String, String>> phases(
      Lineage lineage, Map<String, String> last, KeyHistory history) {
    Map<String, KeyHistory.Values> changed = new LinkedHashMap<>(history.values());
    changed.keySet().retainAll(last.keySet());
    Set<CheckpointName> changes = new TreeSet<>();
    changed.values().forEach(v -> v.changes().forEach(c -> changes.add(c.after())));
    List<Map<String, String>> phases = new ArrayList<>();
    for (CheckpointName change : changes) {
      Map<String, String> keys = new LinkedHashMap<>(last);
      changed.forEach((key, values) -> keys.put(key, before(change, values)));
      phases.add(
          change.isWhole()
              ? endingAfter(change.epoch(), keys, lineage).orElse(Map.of())
              : Map.of());
    }
    Optional<CheckpointName> end = lineage.newest().filter(name -> lineage.isTrained());
    phases.add(
        end.isPresent() ? endingAfter(end.get().epoch(), last, lineage).orElse(Map.of()) : last);
    return phases;
  }

  private static String before(CheckpointName change, KeyHistory.Values values) {
    String value = values.first();
    for (KeyHistory.Change later : values.changes()) {
      value = later.after().compareTo(change) < 0 ? later.value() : value;
    }
    return value;
  }

  /** The keys with which training ends there by itself, and that change no bit until then. */
  private static Optional<Map<String, String>> endingAfter(
      int epoch, Map<String, String> keys, Lineage lineage) {
    if (lineage.isReached(keys, epoch)) {
      return Optional.of(keys);
    }
    if (!ENDLESS.contains(keys.getOrDefault("train.schedule", ""))) {
      return Optional.empty();
    }
    Map<String, String> shorter = new LinkedHashMap<>(keys);
    shorter.put(EPOCHS, Integer.toString(epoch));
    return Optional.of(shorter);
  }

  /** Entries that say something else than what has been said. */
  static Map<String, String> difference(
      Map<String, String> keys, Map<String, String> said, Predicate<String> isSaid) {
    Map<String, String> anew = new LinkedHashMap<>(keys);
    anew.entrySet()
        .removeIf(
            key -> !isSaid.test(key.getKey()) || key.getValue().equals(said.get(key.getKey())));
    return anew;
  }

  private static String unrepeatable(KeyHistory history) {
    return "no commands train it again bit by bit: " + text(history.texts());
  }

  /** Another device or version is no key, but may give other bits. */
  private static List<String> moved(KeyHistory history) {
    Map<String, String> moved = new LinkedHashMap<>(history.texts());
    moved.keySet().retainAll(Set.of("arithmetic", "belay-version"));
    return moved.isEmpty() ? List.of() : List.of("the last bits may differ: " + text(moved));
  }

  private static String text(Map<String, String> changed) {
    List<String> texts = new ArrayList<>();
    changed.forEach((name, several) -> texts.add(name + " = " + several));
    return String.join("; ", texts);
  }
}
