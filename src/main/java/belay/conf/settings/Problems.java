package belay.conf.settings;

import belay.error.ConfigurationException;
import belay.log.Printable;
import belay.log.Secrets;
import java.util.ArrayList;
import java.util.List;

/** Everything wrong with a configuration, to be told at once in one line. */
public final class Problems {
  /** More would only bury the first ones. */
  private static final int SHOWN = 20;

  private static final int LONGEST_TEXT = 80;

  private final List<String> problems = new ArrayList<>();

  public void add(String problem) {
    problems.add(problem);
  }

  public void add(Entry entry, String expectation) {
    add(describe(entry) + " " + expectation);
  }

  /** {@code train.batch = 0 (conf/site/a.properties:3)}. */
  static String describe(Entry entry) {
    String shown =
        Keys.holdsAddress(entry.key()) ? Secrets.hideAddress(entry.value()) : entry.value();
    return entry.key() + " = " + quote(shown) + " (" + entry.source() + ")";
  }

  /** Text of a user, fit to stand in one line of a terminal; long text is cut. */
  public static String quote(String text) {
    String line = printable(Secrets.hide(text));
    if (line.length() > LONGEST_TEXT) {
      return line.substring(0, LONGEST_TEXT) + "...";
    }
    return line.isEmpty() ? "''" : line;
  }

  /** Text with ? for what would end the line or control the terminal. */
  public static String printable(String text) {
    return Printable.line(text);
  }

  /**
   * Does nothing if there are none.
   *
   * @throws ConfigurationException with all of them
   */
  public void throwIfAny() {
    if (!problems.isEmpty()) {
      throw new ConfigurationException(toString());
    }
  }

  @Override
  public String toString() {
    int count = problems.size();
    String list = String.join("; ", problems.subList(0, Math.min(count, SHOWN)));
    String rest = count > SHOWN ? "; and " + (count - SHOWN) + " more" : "";
    return count + (count == 1 ? " problem: " : " problems: ") + list + rest;
  }
}
