package belay.cluster;

import belay.error.ConfigurationException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Words of a bash script. */
public final class Shell {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./=,:@%+-]+");

  /** Control characters, line separators. */
  private static final Pattern UNPRINTABLE =
      Pattern.compile("[\\p{Cntrl}\\x{80}-\\x{9f}\\x{2028}\\x{2029}]");

  private Shell() {}

  /**
   * The text as one word, whatever it holds: within single quotes nothing has a meaning but a
   * single quote itself.
   *
   * @throws ConfigurationException if a script cannot carry it: control characters, and names that
   *     Java could not decode
   */
  public static String quote(String text) {
    if (UNPRINTABLE.matcher(text).find()) {
      throw new ConfigurationException(
          "'%s' has a control character or a line break, which no job script may hold; use another name"
              .formatted(UNPRINTABLE.matcher(text).replaceAll("?")));
    }
    if (text.indexOf('\uFFFD') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new ConfigurationException(
          "'%s' cannot be written in UTF-8; set LC_ALL=C.UTF-8 or use another name"
              .formatted(text.replaceAll("\\p{Cs}", "?")));
    }
    return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  static String quote(Collection<String> words) {
    return words.stream().map(Shell::quote).collect(Collectors.joining(" "));
  }

  /** Whether a scheduler may be given the text as it is, in a line of its own syntax. */
  static boolean isPlain(String text) {
    return PLAIN.matcher(text).matches() && text.indexOf('%') < 0 && !text.startsWith("-");
  }
}
