package belay.net;

import belay.error.ConfigurationException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A line taken apart.
 *
 * @param arguments words by position
 * @param options by name
 */
record Words(Statement statement, List<String> arguments, Map<String, String> options) {
  private static final Pattern NUMBER = Pattern.compile("\\d{1,3}(\\.\\d{1,9})?(e-?\\d{1,2})?");
  private static final int MAX_SIZE = 4096;

  Words {
    arguments = List.copyOf(arguments);
    options = Map.copyOf(options);
  }

  String kind() {
    return statement.kind();
  }

  Place place() {
    return statement.place();
  }

  Optional<String> option(String name) {
    return Optional.ofNullable(options.get(name));
  }

  /** The first argument as a whole number of at most 4096. */
  int size(int least) {
    return size(arguments.get(0), least);
  }

  /** An option that is a whole number of at most 4096. */
  int size(String option, int usual, int least) {
    return option(option).map(word -> size(word, least)).orElse(usual);
  }

  private int size(String word, int least) {
    if (!word.matches("\\d{1,5}")
        || Integer.parseInt(word) < least
        || Integer.parseInt(word) > MAX_SIZE) {
      throw problem("'%s' is not a whole number from %d to %d", word, least, MAX_SIZE);
    }
    return Integer.parseInt(word);
  }

  /** The first argument as a number within bounds. */
  float number(String least, String most) {
    return number(arguments.get(0), least, most);
  }

  /** An option that is a number within bounds. */
  float number(String option, float usual, String least, String most) {
    return option(option).map(word -> number(word, least, most)).orElse(usual);
  }

  private float number(String word, String least, String most) {
    if (!NUMBER.matcher(word).matches()
        || Double.parseDouble(word) < Double.parseDouble(least)
        || Double.parseDouble(word) > Double.parseDouble(most)) {
      throw problem("'%s' is not a number from %s to %s", word, least, most);
    }
    return Float.parseFloat(word);
  }

  /** An option that is yes, which is usual, or no. */
  boolean isYes(String option) {
    String word = option(option).orElse("yes");
    if (!word.equals("yes") && !word.equals("no")) {
      throw problem("%s=%s must be yes or no", option, word);
    }
    return word.equals("yes");
  }

  ConfigurationException problem(String message, Object... values) {
    return statement.problem(message, values);
  }
}
