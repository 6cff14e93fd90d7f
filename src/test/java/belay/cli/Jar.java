package belay.cli;

import belay.Child;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The packaged jar as a process of its own, started in some directory. */
public final class Jar {
  public static final Path PATH = Path.of("target/belay.jar").toAbsolutePath();
  private static final long LIMIT_SECONDS = 300;

  private final Path directory;
  private final Path output;
  private final Process process;

  private Jar(Path jar, Path directory, List<String> jvmOptions, String... arguments)
      throws IOException {
    this.directory = directory;
    this.output = Files.createTempFile(directory, "output", ".txt");
    List<String> options = new ArrayList<>(jvmOptions);
    if (jar.equals(PATH)) {
      options.add(ClassArchive.OPTION);
    }
    List<String> command = new ArrayList<>(Child.HEARING_ALL_SIGNALS);
    command.addAll(command(jar, options, arguments));
    this.process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
  }

  /** What starts the jar. */
  static List<String> command(Path jar, List<String> jvmOptions, String... arguments) {
    // Whatever the tests start is over before the slow compiler is of use.
    List<String> command = new ArrayList<>(List.of(java(), "-XX:TieredStopAtLevel=1"));
    command.addAll(jvmOptions);
    command.addAll(List.of("-jar", jar.toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  public static Jar start(Path directory, String... arguments) throws IOException {
    return startCopy(PATH, directory, arguments);
  }

  /** Starts a copy of the jar that lies elsewhere. */
  public static Jar startCopy(Path copy, Path directory, String... arguments) throws IOException {
    return new Jar(copy, directory, List.of(), arguments);
  }

  /** Starts and waits for the end. */
  public static Jar run(Path directory, String... arguments) throws Exception {
    Jar jar = start(directory, arguments);
    jar.exitCode();
    return jar;
  }

  /**
   * The words of a command on a run as conf/run/demo.properties has it, on images in data.
   *
   * @param assignments KEY=VALUE
   */
  public static String[] demo(String command, String run, String... assignments) {
    List<String> words =
        new ArrayList<>(List.of(command, "--run", run, "--conf", "demo", "--set", "data.dir=data"));
    List.of(assignments).forEach(assignment -> words.addAll(List.of("--set", assignment)));
    return words.toArray(String[]::new);
  }

  static Jar runWith(Path directory, List<String> jvmOptions, String... arguments)
      throws Exception {
    Jar jar = new Jar(PATH, directory, jvmOptions, arguments);
    jar.exitCode();
    return jar;
  }

  public int exitCode() throws InterruptedException {
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running after " + LIMIT_SECONDS + " s");
    }
    return process.exitValue();
  }

  /** Whether it ended by itself within this time. */
  public boolean endsWithin(long milliseconds) throws InterruptedException {
    return process.waitFor(milliseconds, TimeUnit.MILLISECONDS);
  }

  /** SIGKILL. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /**
   * @param name such as TERM
   */
  public void signal(String name) throws Exception {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  /** Standard output and standard error together, as far as written. */
  public String output() throws IOException {
    return Files.readString(output, StandardCharsets.UTF_8);
  }

  /** Waits until the output holds a text. */
  public void awaitOutput(String text) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!output().contains(text)) {
      if (System.nanoTime() > end || !process.isAlive() && !output().contains(text)) {
        throw new AssertionError("no '" + text + "' in:\n" + output());
      }
      Thread.sleep(5);
    }
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
