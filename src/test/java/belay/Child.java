package belay;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process of its own that runs a main class of the tests, and can be killed for real. */
public final class Child implements AutoCloseable {
  /** Runs the command after it; children inherit which signals are ignored, as under nohup. */
  public static final List<String> HEARING_ALL_SIGNALS = List.of("env", "--default-signal");

  private final Process process;
  private final BufferedReader out;
  private final PrintStream in;

  private Child(Process process) {
    this.process = process;
    out = process.inputReader(StandardCharsets.UTF_8);
    in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  public static Child start(Class<?> main, String... arguments) throws IOException {
    return start(List.of(), main, arguments);
  }

  /**
   * @param prefix a command that runs the command after it: "unshare -m"
   */
  public static Child start(List<String> prefix, Class<?> main, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(HEARING_ALL_SIGNALS);
    command.addAll(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx64m", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return new Child(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start());
  }

  /** Waits for the next line of output; null at its end. */
  public String line() throws IOException {
    return out.readLine();
  }

  public void say(String line) {
    in.println(line);
  }

  /** Sends a signal, "TERM", and waits until it is sent. */
  public void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  /** Waits for the end; a death by signal n counts as 128 + n. */
  public int exitCode() throws InterruptedException {
    if (!process.waitFor(300, TimeUnit.SECONDS)) {
      throw new IllegalStateException("The child process does not end");
    }
    return process.exitValue();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
