package belay.net;

import belay.error.ConfigurationException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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

  /** The option init, which usually is drawn. */
  Parameter.Start start(Set<Parameter.Start> allowed) {
    String word = option("init").orElse(Parameter.Start.DRAWN.word());
    return allowed.stream()
        .filter(start -> start.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                problem(
                    "init=%s must be one of %s",
                    word,
                    allowed.stream()
                        .sorted()
                        .map(Parameter.Start::word)
                        .collect(Collectors.joining(", "))));
  }

  /** The window that the words' options make of the usual one. */
  Window window(Window usual, Shape in) {
    int kernel = usual.kernel();
    int stride = size("stride", usual.stride(), 1);
    int padding = size("padding", usual.padding(), 0);
    if (padding >= kernel) {
      throw problem("padding=%d must be less than the window's %d", padding, kernel);
    }
    if (Math.min(in.height(), in.width()) + 2 * padding < kernel) {
      throw problem("a window of %d is larger than %s", kernel, in);
    }
    return new Window(kernel, stride, padding);
  }

  ConfigurationException problem(String message, Object... values) {
    return statement.problem(message, values);
  }
}
