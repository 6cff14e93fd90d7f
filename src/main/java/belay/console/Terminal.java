package belay.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What standard error or standard output can show.
 *
 * @param isScreen whether lines on it can be drawn again; bars and colours are for screens only
 * @param isColoured whether the user wants colours
 * @param columns of the screen
 */
public record Terminal(boolean isScreen, boolean isColoured, int columns) {
  private static final int USUAL_COLUMNS = 80;

  /** Of this process. */
  static Terminal standardError() {
    return of(System.getenv(), target(2));
  }

  /** Of this process. */
  public static Terminal standardOutput() {
    return of(System.getenv(), target(1));
  }

  /**
   * @param target what it is connected to, such as /dev/pts/3 or /dev/null
   */
  static Terminal of(Map<String, String> environment, String target) {
    boolean isTerminal = target.matches("/dev/(pts/.*|tty.*|console)");
    boolean isDumb = environment.getOrDefault("TERM", "dumb").equals("dumb");
    boolean isScreen = isTerminal && !isDumb;
    boolean wantsColour = environment.getOrDefault("NO_COLOR", "").isEmpty(); // no-color.org
    return new Terminal(isScreen, isScreen && wantsColour, columns(environment));
  }

  /**
   * The console that Java knows is that of standard input and output, and since Java 22 there
   * always is one: asking the system is exact.
   */
  private static String target(int descriptor) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
    } catch (IOException | UnsupportedOperationException e) {
      return ""; // no Linux
    }
  }

  private static int columns(Map<String, String> environment) {
    String text = environment.getOrDefault("COLUMNS", "");
    return text.matches("[1-9][0-9]{1,3}") ? Integer.parseInt(text) : USUAL_COLUMNS;
  }
}
