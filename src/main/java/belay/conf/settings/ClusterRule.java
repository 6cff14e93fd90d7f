package belay.conf.settings;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the values of cluster.* may be: they become words of job scripts and of the scheduler's
 * commands, so that a quote, a space or a $ in the wrong place is refused here.
 */
final class ClusterRule {
  private static final String WORD = "[\\w][\\w.@:+-]*";
  private static final Pattern TIME =
      Pattern.compile("(?:(\\d{1,3})-)?(\\d{1,4}):([0-5]\\d):([0-5]\\d)");

  private ClusterRule() {}

  static Rule<String> label() {
    return Rule.matching("letters, digits and ._@:+-, or empty", "(" + WORD + ")?");
  }

  static Rule<String> labels() {
    return Rule.matching("letters, digits and ,._@:+-, or empty", "([\\w][\\w.,@:+-]*)?");
  }

  static Rule<String> template() {
    return Rule.matching(
        "a word with {gpu} for the site's name, or empty", "([\\w{][\\w.,@:=+|&{}-]*)?");
  }

  /** Neither " nor ; nor a backslash: OAR puts it into an SQL query of its own. */
  static Rule<String> condition(String example) {
    return Rule.matching(
        "an SQL condition such as " + example + ", or empty", "[\\w '=<>!()%.,{}+-]*");
  }

  static Rule<String> hierarchy(String example) {
    return Rule.matching("a hierarchy such as " + example, "/[\\w/=.{}+-]+");
  }

  static Rule<String> features() {
    return Rule.matching(
        "features with &, | and brackets, or empty", "([\\w(\\[][\\w.,@:=+*|&()\\[\\]-]*)?");
  }

  static Rule<String> nodes() {
    return Rule.matching(
        "names separated by commas, ranges such as n[1-3] on Slurm, or empty",
        "([\\w][\\w.,\\[\\]-]*)?");
  }

  static Rule<String> mailUser() {
    return Rule.matching("an address or a user's name, or empty", "([\\w][\\w.+-]*(@[\\w.-]+)?)?");
  }

  static Rule<String> moduleCalls() {
    return Rule.matching("words, ; between calls of module, or empty", "[\\w .,:;@=/+-]*");
  }

  static Rule<String> notification() {
    return Rule.matching("mail:ADDRESS, a program and its arguments, or empty", "[\\w .,:@=/+-]*");
  }

  static Rule<List<String>> mailTypes() {
    return new Rule<>(
        "words such as END,FAIL, or empty",
        text -> text.isEmpty() ? List.of() : words(text.toUpperCase(Locale.ROOT)));
  }

  /** In the scheduler's own words; what each batch system refuses, it refuses. */
  static Rule<List<String>> options() {
    return new Rule<>(
        "words separated by blanks, or empty",
        text -> text.isEmpty() ? List.of() : List.of(text.split("\\s+")));
  }

  /** None for no GPU. */
  static Rule<List<String>> models() {
    return new Rule<>(
        "models separated by commas, any, none, ask, or empty",
        text -> text.isEmpty() || text.equals("none") ? List.of() : words(text));
  }

  /** In the order of the text. */
  static Rule<Map<String, String>> names() {
    return new Rule<>(
        "MODEL=NAME separated by commas, or empty",
        text -> {
          Map<String, String> names = new LinkedHashMap<>();
          for (String pair : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            String[] sides = pair.split("=", -1);
            if (sides.length != 2
                || names.put(word(sides[0].strip()), word(sides[1].strip())) != null) {
              throw new IllegalArgumentException();
            }
          }
          return Collections.unmodifiableMap(names);
        });
  }

  /** Without minutes:seconds and hours:minutes, which Slurm and OAR read differently. */
  static Rule<Duration> timeLimit() {
    return new Rule<>(
        "hours:minutes:seconds, or days-hours:minutes:seconds", ClusterRule::duration);
  }

  private static Duration duration(String text) {
    Matcher time = TIME.matcher(text);
    if (!time.matches()) {
      throw new IllegalArgumentException();
    }
    Duration duration =
        Duration.ofDays(time.group(1) == null ? 0 : Long.parseLong(time.group(1)))
            .plusHours(Long.parseLong(time.group(2)))
            .plusMinutes(Long.parseLong(time.group(3)))
            .plusSeconds(Long.parseLong(time.group(4)));
    if (duration.isZero()) {
      throw new IllegalArgumentException();
    }
    return duration;
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.split(",", -1)).map(String::strip).map(ClusterRule::word).toList();
  }

  private static String word(String text) {
    if (!text.matches(WORD)) {
      throw new IllegalArgumentException();
    }
    return text;
  }
}
