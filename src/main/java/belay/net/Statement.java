package belay.net;

import belay.error.ConfigurationException;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A line of a network's file that says something: its words, of which there is at least one. */
record Statement(Place place, List<String> words) {
  private static final Pattern PARAMETER = Pattern.compile("\\$([a-z][a-z0-9_-]*)?");

  /** Characters of a line; a checkpoint keeps the text line by line. */
  static final int LONGEST = 1000;

  Statement {
    words = List.copyOf(words);
  }

  String kind() {
    return words.get(0);
  }

  /** What the words want of a block: {@code $channels} wants channels. */
  Stream<String> parameters() {
    return words.stream()
        .flatMap(word -> PARAMETER.matcher(word).results())
        .map(MatchResult::group);
  }

  /**
   * The same in an instance of its block.
   *
   * @param arguments for all its parameters, each with its $
   */
  Statement in(String instance, Map<String, String> arguments) {
    List<String> replaced = words.stream().map(word -> replaced(word, arguments)).toList();
    if (replaced.stream().mapToInt(String::length).sum() > LONGEST) {
      throw problem("the block's arguments make more than %d characters of this", LONGEST);
    }
    return new Statement(place.in(instance), replaced);
  }

  private static String replaced(String word, Map<String, String> arguments) {
    return PARAMETER
        .matcher(word)
        .replaceAll(found -> Matcher.quoteReplacement(arguments.get(found.group())));
  }

  ConfigurationException problem(String message, Object... values) {
    return place.problem(message, values);
  }
}
