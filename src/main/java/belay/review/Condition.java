package belay.review;

import belay.error.ConfigurationException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which runs are wanted: a column, a comparison, a value. Numbers compare as numbers, everything
 * else as text; a run without a value is only unequal to anything.
 */
record Condition(String column, String comparison, String value) {
  private static final Pattern FORM =
      Pattern.compile("\\s*([a-z0-9.-]+)\\s*(<=|>=|!=|=|<|>|~)\\s*([^\\s=<>!~].*?)\\s*");

  /**
   * @param text such as {@code train.batch=128}, {@code test-loss<0.002}, {@code run~cosine}
   * @throws ConfigurationException if it is nothing like that
   */
  static Condition parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new ConfigurationException(
          "--where '"
              + text
              + "' must be COLUMN, one of = != < <= > >= ~ (contains), VALUE; quote it, since < and >"
              + " mean something to the shell");
    }
    return new Condition(matcher.group(1), matcher.group(2), matcher.group(3));
  }

  /**
   * @throws ConfigurationException if the column never has such a value
   */
  void check(RunColumn compared) {
    Optional<String> mistake = comparison.equals("~") ? Optional.empty() : compared.mistake(value);
    if (mistake.isPresent()) {
      throw new ConfigurationException(
          "--where '%s%s%s': %s must be compared with %s"
              .formatted(column, comparison, value, column, mistake.get()));
    }
  }

  boolean holds(Object found) {
    if (found == null) {
      return comparison.equals("!=");
    }
    String text = found.toString();
    if (comparison.equals("~")) {
      return text.contains(value);
    }
    int order = order(text);
    return switch (comparison) {
      case "=" -> order == 0;
      case "!=" -> order != 0;
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      default -> order >= 0;
    };
  }

  private int order(String found) {
    Optional<Double> left = Numbers.parse(found);
    Optional<Double> right = Numbers.parse(value);
    return left.isPresent() && right.isPresent()
        ? left.get().compareTo(right.get())
        : found.compareTo(value);
  }
}
