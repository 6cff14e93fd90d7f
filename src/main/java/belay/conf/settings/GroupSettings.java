package belay.conf.settings;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What is otherwise for some parameters; belay.backend.ParameterGroups says what each does.
 *
 * @param freeze which stay as they are, and when
 * @param learningRates peaks of their own learning rates
 * @param weightDecays their own
 */
public record GroupSettings(
    List<Frozen> freeze, List<Valued> learningRates, List<Valued> weightDecays) {
  private static final String NAME = "([a-z0-9_*./-]+)";
  private static final Pattern FROZEN = Pattern.compile(NAME + "(?:@(\\d{1,7})?(-)?(\\d{1,7})?)?");
  private static final Pattern VALUED = Pattern.compile(NAME + "=([-+.0-9eE]+)");
  private static final double MOST = 1e6;

  /**
   * Parameters in epochs [first, last].
   *
   * @param pattern of names, * stands for any characters
   * @param last empty for every later one
   */
  public record Frozen(String pattern, int first, OptionalInt last) {}

  /**
   * A number for parameters.
   *
   * @param pattern of names, * stands for any characters
   */
  public record Valued(String pattern, double value) {}

  static GroupSettings of(Values values) {
    return new GroupSettings(
        values.get(Keys.TRAIN_FREEZE),
        values.get(Keys.TRAIN_LEARNING_RATES),
        values.get(Keys.TRAIN_WEIGHT_DECAYS));
  }

  static Rule<List<Frozen>> frozen() {
    return new Rule<>(
        "names, * for any characters, each alone or with @FIRST-LAST, epochs from 1; separated by commas, or empty",
        text -> words(text, GroupSettings::frozen));
  }

  private static Frozen frozen(String word) {
    Matcher parts = matched(FROZEN, word);
    boolean isRange = word.contains("@");
    if (isRange && parts.group(2) == null && parts.group(4) == null) {
      throw new IllegalArgumentException();
    }
    int first = parts.group(2) == null ? 1 : Integer.parseInt(parts.group(2));
    OptionalInt last = OptionalInt.empty();
    if (isRange && parts.group(3) == null) {
      last = OptionalInt.of(first); // one epoch
    } else if (parts.group(4) != null) {
      last = OptionalInt.of(Integer.parseInt(parts.group(4)));
    }
    if (first < 1 || last.orElse(first) < first) {
      throw new IllegalArgumentException();
    }
    return new Frozen(parts.group(1), first, last);
  }

  /**
   * @param least of the numbers
   */
  static Rule<List<Valued>> valued(double least) {
    return new Rule<>(
        "NAME=NUMBER, * for any characters of a name, separated by commas, or empty",
        text -> words(text, word -> valued(word, least)));
  }

  private static Valued valued(String word, double least) {
    Matcher parts = matched(VALUED, word);
    double value = Double.parseDouble(parts.group(2));
    if (!(value >= least && value <= MOST)) {
      throw new IllegalArgumentException();
    }
    return new Valued(parts.group(1), value);
  }

  private static Matcher matched(Pattern pattern, String word) {
    Matcher parts = pattern.matcher(word);
    if (!parts.matches()) {
      throw new IllegalArgumentException();
    }
    return parts;
  }

  private static <T> List<T> words(String text, Function<String, T> reader) {
    return text.isEmpty()
        ? List.of()
        : Stream.of(text.split(",", -1)).map(String::strip).map(reader).toList();
  }
}
