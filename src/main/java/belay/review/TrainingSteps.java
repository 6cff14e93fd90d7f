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
 * @param phases in order; none if no command repeats the training
 * @param remarks why there are none, and what may differ
 */
record TrainingSteps(List<Phase> phases, List<String> remarks) {
  private static final String EPOCHS = "train.epochs";

  /** Curves of the learning rate that do not depend on how many epochs there will be. */
  private static final Set<String> ENDLESS = Set.of("constant", "step", "inverse-sqrt");

  /**
   * A command, and where it leads.
   *
   * @param epoch finished epochs after it, as far as the run has come
   * @param keys that the run directory remembers after it
   */
  record Phase(Step step, int epoch, Map<String, String> keys) {}

  /**
   * @param lineage of the run
   * @param last keys that its newest checkpoint was made with
   * @param history of those that had other values before
   * @param isSaid whether a command should name a key
   * @param halt a state at which a command is to end, beside those that keys were changed at
   */
  static TrainingSteps of(
      Lineage lineage,
      Map<String, String> last,
      KeyHistory history,
      Predicate<String> isSaid,
      Optional<CheckpointName> halt) {
    List<Phase> phases = new ArrayList<>();
    Map<String, String> said = RunProperties.defaults();
    for (Span span : spans(lineage, last, history, halt)) {
      if (span.keys().isEmpty()) {
        return new TrainingSteps(List.of(), List.of(unrepeatable(history)));
      }
      Step step = new Step("train", List.of(), difference(span.keys(), said, isSaid));
      phases.add(new Phase(step, span.epoch(), span.keys()));
      said = span.keys();
    }
    return new TrainingSteps(phases, moved(history));
  }

  List<Step> steps() {
    return phases.stream().map(Phase::step).toList();
  }

  /** The keys until an epoch; none where a command cannot end. */
  private record Span(int epoch, Map<String, String> keys) {}

  /** From one change to the next. */
  private static List<Span> spans(
      Lineage lineage,
      Map<String, String> last,
      KeyHistory history,
      Optional<CheckpointName> halt) {
    Map<String, KeyHistory.Values> changed = new LinkedHashMap<>(history.values());
    changed.keySet().retainAll(last.keySet());
    Set<CheckpointName> changes = new TreeSet<>(halt.stream().toList());
    changed.values().forEach(v -> v.changes().forEach(c -> changes.add(c.after())));
    List<Span> spans = new ArrayList<>();
    for (CheckpointName change : changes) {
      Map<String, String> keys = new LinkedHashMap<>(last);
      changed.forEach((key, values) -> keys.put(key, before(change, values)));
      spans.add(
          new Span(
              change.epoch(),
              change.isWhole()
                  ? endingAfter(change.epoch(), keys, lineage).orElse(Map.of())
                  : Map.of()));
    }
    int end = lineage.newest().map(CheckpointName::epoch).orElse(0);
    spans.add(
        new Span(
            end, lineage.isTrained() ? endingAfter(end, last, lineage).orElse(Map.of()) : last));
    return spans;
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
    moved.keySet().retainAll(Set.of("arithmetic", "belay-version", "order-of-sums"));
    return moved.isEmpty() ? List.of() : List.of("the last bits may differ: " + text(moved));
  }

  private static String text(Map<String, String> changed) {
    List<String> texts = new ArrayList<>();
    changed.forEach((name, several) -> texts.add(name + " = " + several));
    return String.join("; ", texts);
  }
}
