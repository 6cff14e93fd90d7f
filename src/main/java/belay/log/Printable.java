package belay.log;

import java.util.regex.Pattern;

/**
 * Text of others, fit to stand in one line of a terminal or a log: a file may hold what ends the
 * line, moves the cursor or changes colours.
 */
public final class Printable {
  /** Control characters, line separators, halves of surrogate pairs. */
  private static final Pattern UNPRINTABLE =
      Pattern.compile("[\\p{Cntrl}\\x{2028}\\x{2029}\\x{80}-\\x{9f}\\p{Cs}]");

  private Printable() {}

  public static boolean is(String text) {
    return !UNPRINTABLE.matcher(text).find();
  }

  /** With ? in place of what cannot be shown. */
  public static String line(String text) {
    return is(text) ? text : UNPRINTABLE.matcher(text).replaceAll("?");
  }
}
