package belay.net;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Lines that a network repeats: {@code block NAME [PARAMETER ...] [PARAMETER=DEFAULT ...]}. */
final class Block {
  private static final List<String> OPTIONS = List.of("times", "from", "name");

  private final Usage usage;
  private final Map<String, String> defaults = new HashMap<>();
  private final List<Statement> lines = new ArrayList<>();

  /**
   * @param head the line that opens the block
   */
  Block(Statement head) {
    List<String> words = head.words();
    if (words.size() < 2) {
      throw head.problem("block needs NAME: block NAME [PARAMETER ...] [PARAMETER=DEFAULT ...]");
    }
    List<String> parameters = new ArrayList<>();
    for (String word : words.subList(2, words.size())) {
      parameter(head, word, parameters);
    }
    List<String> options =
        Stream.concat(defaults.keySet().stream().sorted(), OPTIONS.stream()).toList();
    usage = new Usage(words.get(1), parameters, options);
  }

  private void parameter(Statement head, String word, List<String> parameters) {
    String[] pair = word.split("=", 2);
    String name = pair[0];
    if (!Names.isWord(name) || OPTIONS.contains(name)) {
      throw head.problem("'%s' cannot be a parameter's name", name);
    }
    if (parameters.contains(name) || defaults.containsKey(name)) {
      throw head.problem("the parameter %s is named twice", name);
    }
    if (pair.length == 1) {
      parameters.add(name);
    } else {
      defaults.put(name, pair[1]);
    }
  }

  String name() {
    return usage.kind();
  }

  Usage usage() {
    return usage;
  }

  void add(Statement line) {
    line.parameters()
        .filter(wanted -> !isParameter(wanted.substring(1)))
        .findFirst()
        .ifPresent(
            wanted -> {
              throw line.problem("the block %s has no parameter '%s'", name(), wanted);
            });
    lines.add(line);
  }

  private boolean isParameter(String name) {
    return usage.arguments().contains(name) || defaults.containsKey(name);
  }

  /** Whether a line stands behind its end, so that it may use it. */
  boolean isBefore(Statement line) {
    return lines.get(lines.size() - 1).place().line() < line.place().line();
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  /**
   * Its lines as an instance has them.
   *
   * @param words of the line that uses it
   */
  List<Statement> instance(String instance, Words words) {
    Map<String, String> arguments = new HashMap<>();
    for (int i = 0; i < usage.arguments().size(); i++) {
      arguments.put("$" + usage.arguments().get(i), words.arguments().get(i));
    }
    defaults.forEach((name, usual) -> arguments.put("$" + name, words.option(name).orElse(usual)));
    return lines.stream().map(line -> line.in(instance, arguments)).toList();
  }
}
