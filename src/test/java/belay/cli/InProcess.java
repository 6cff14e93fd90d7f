package belay.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The command line in this process, which a jar's start would make a hundred times slower. */
public final class InProcess {
  private InProcess() {}

  /**
   * How a command ended.
   *
   * @param output what it printed
   * @param errors what it said on standard error
   */
  public record Outcome(int exitCode, String output, String errors) {
    /** Whether it shows the inside of the program, as only a mistake of ours may. */
    public boolean showsTrace() {
      return errors.contains("\tat ") || errors.contains("Exception in thread");
    }
  }

  public static Outcome execute(String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
      int code = Belay.commandLine().execute(arguments);
      return new Outcome(
          code, output.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }
}
