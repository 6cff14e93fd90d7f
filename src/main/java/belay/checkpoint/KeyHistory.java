package belay.checkpoint;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What had several values in the course of a training, such as keys that were set anew when it was
 * resumed. Files keep it as facts of their provenance: {@code changed.train.batch = 32, then 64
 * after epoch 8}.
 *
 * @param values by name, the first value and those that took its place
 */
public record KeyHistory(SortedMap<String, Values> values) {
  /** Of a training that nobody has changed. */
  public static final KeyHistory NONE = new KeyHistory(new TreeMap<>());

  private static final String PREFIX = "changed.";
  private static final Pattern COMMENT =
      Pattern.compile("(?m)^# (" + Pattern.quote(PREFIX) + "\\S+) = (.*)$");
  private static final Pattern LATER =
      Pattern.compile(
          ", then (.*?) (?:after epoch (\\d{1,9})|after step (\\d{1,18}) in epoch (\\d{1,9}))"
              + "(?=, then |$)");

  public KeyHistory {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }

  /** The values of one name, oldest first. */
  public record Values(String first, List<Change> changes) {
    public Values {
      changes = List.copyOf(changes);
    }

    static Values parse(String text) {
      List<Change> changes = new ArrayList<>();
      Matcher later = LATER.matcher(text);
      int first = text.length();
      while (later.find()) {
        first = Math.min(first, later.start());
        changes.add(Change.of(later));
      }
      return new Values(text.substring(0, first), changes);
    }

    Values then(String value, CheckpointName after) {
      List<Change> longer = new ArrayList<>(changes);
      longer.add(new Change(value, after));
      return new Values(first, longer);
    }

    /** For people: 32, then 64 after epoch 8. */
    @Override
    public String toString() {
      return first + changes.stream().map(Change::toString).collect(Collectors.joining());
    }
  }

  /**
   * A value that took the place of another.
   *
   * @param after the state that the training went on from with it
   */
  public record Change(String value, CheckpointName after) {
    private static Change of(Matcher text) {
      if (text.group(2) != null) {
        return new Change(text.group(1), CheckpointName.ofEpoch(Integer.parseInt(text.group(2))));
      }
      int epoch = Integer.parseInt(text.group(4)) - 1;
      return new Change(
          text.group(1), new CheckpointName(epoch, OptionalLong.of(Long.parseLong(text.group(3)))));
    }

    @Override
    public String toString() {
      String place =
          after.isWhole()
              ? "epoch " + after.epoch()
              : "step %d in epoch %d".formatted(after.step().getAsLong(), after.epoch() + 1);
      return ", then " + value + " after " + place;
    }
  }

  /**
   * @param facts of a file's provenance, the others among them
   */
  public static KeyHistory of(Map<String, String> facts) {
    SortedMap<String, Values> values = new TreeMap<>();
    facts.forEach(
        (name, text) -> {
          if (name.startsWith(PREFIX)) {
            values.put(name.substring(PREFIX.length()), Values.parse(text));
          }
        });
    return new KeyHistory(values);
  }

  /** As facts for a file's provenance. */
  public SortedMap<String, String> facts() {
    SortedMap<String, String> facts = new TreeMap<>();
    values.forEach((name, several) -> facts.put(PREFIX + name, several.toString()));
    return facts;
  }

  /** As comments of run.properties, a line each. */
  public String comments() {
    return facts().entrySet().stream()
        .map(fact -> "# %s = %s%n".formatted(fact.getKey(), fact.getValue()))
        .collect(Collectors.joining());
  }

  /**
   * @param properties text of a run.properties
   */
  public static KeyHistory ofComments(String properties) {
    SortedMap<String, String> facts = new TreeMap<>();
    Matcher comment = COMMENT.matcher(properties);
    while (comment.find()) {
      facts.put(comment.group(1), comment.group(2));
    }
    return of(facts);
  }

  /** For people, by name. */
  public SortedMap<String, String> texts() {
    SortedMap<String, String> texts = new TreeMap<>();
    values.forEach((name, several) -> texts.put(name, several.toString()));
    return texts;
  }

  /** With a change more. */
  public KeyHistory with(String name, String before, String now, CheckpointName after) {
    SortedMap<String, Values> more = new TreeMap<>(values);
    more.put(name, values.getOrDefault(name, new Values(before, List.of())).then(now, after));
    return new KeyHistory(more);
  }
}
