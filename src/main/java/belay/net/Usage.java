package belay.net;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How a kind of line is written: {@code conv FILTERS [kernel=] [stride=]}.
 *
 * @param kind its first word
 * @param arguments names of the words that must follow
 * @param options that may come after them
 */
record Usage(String kind, List<String> arguments, List<String> options) {
  Usage {
    arguments = List.copyOf(arguments);
    options = List.copyOf(options);
  }

  /**
   * Takes a line apart.
   *
   * @throws belay.error.ConfigurationException if it is not written so
   */
  Words read(Statement statement) {
    List<String> words = statement.words();
    int first = 1 + arguments.size();
    for (int i = 1; i < first; i++) {
      if (words.size() <= i || isOption(words.get(i))) {
        throw statement.problem("%s needs %s: %s", kind, arguments.get(i - 1), this);
      }
    }
    Map<String, String> given = new HashMap<>();
    for (String word : words.subList(first, words.size())) {
      String[] pair = word.split("=", 2);
      if (pair.length < 2 || !options.contains(pair[0])) {
        throw statement.problem("unexpected '%s', expected %s", word, this);
      }
      if (given.put(pair[0], pair[1]) != null) {
        throw statement.problem("%s is given twice", pair[0]);
      }
    }
    return new Words(statement, words.subList(1, first), given);
  }

  private boolean isOption(String word) {
    return options.contains(word.split("=", 2)[0]) && word.contains("=");
  }

  @Override
  public String toString() {
    return kind
        + arguments.stream().map(argument -> " " + argument).collect(Collectors.joining())
        + options.stream().map(option -> " [" + option + "=]").collect(Collectors.joining());
  }
}
