package belay.cluster;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * jobs/attempt.sh as a process of its own, in a directory of its own, which it appends what it says
 * to a file of.
 *
 * @param directory where it is started
 * @param name of the run directory in it
 */
record AttemptScript(Path directory, String name) {
  private static final String SCRIPT = Path.of("jobs/attempt.sh").toAbsolutePath().toString();

  Path path() {
    return directory.resolve(name);
  }

  WatchedRun run() {
    return new WatchedRun(path());
  }

  /** What the run's own log says. */
  String log() {
    return run().log();
  }

  /** What the scheduler's own file would say. */
  String output() throws IOException {
    return Files.readString(directory.resolve("output"));
  }

  Path jar() {
    return directory.resolve("belay.jar");
  }

  /**
   * Trains the run.
   *
   * @param java text of a script that stands where java would
   */
  Process attempt(String java, Map<String, String> environment, String... options)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of("train", path().toString()));
    arguments.addAll(List.of(options));
    return start(arguments, java, environment);
  }

  Process start(List<String> arguments, String java, Map<String, String> environment)
      throws IOException {
    return startBy("env", arguments, java, environment);
  }

  /**
   * @param command that starts what its arguments say
   */
  Process startBy(
      String command, List<String> arguments, String java, Map<String, String> environment)
      throws IOException {
    Path program = directory.resolve("java");
    program(program, java);
    Files.writeString(jar(), "");
    Path own = directory.resolve("bin").resolve(command);
    List<String> words =
        new ArrayList<>(List.of(Files.exists(own) ? own.toString() : command, SCRIPT));
    words.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile());
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("output").toFile()));
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.matches("(BELAY|SLURM|OAR)_.*|LMOD_PKG|MODULESHOME"));
    builder.environment().put("BELAY_JAVA", program.toString());
    builder.environment().put("BELAY_JAR", jar().toString());
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** Puts a script into a directory of programs, which {@link #searchPath} begins with. */
  void command(String name, String text) throws IOException {
    program(Files.createDirectories(directory.resolve("bin")).resolve(name), text);
  }

  /** The value of PATH by which those programs are found. */
  String searchPath() {
    return directory.resolve("bin") + ":" + System.getenv("PATH");
  }

  private static void program(Path file, String text) throws IOException {
    Files.writeString(file, "#!/bin/bash\n" + text + "\n");
    assertTrue(file.toFile().setExecutable(true));
  }

  static void signal(String name, Process process) throws Exception {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }
}
