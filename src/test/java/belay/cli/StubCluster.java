package belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The jar as a process in a directory of its own, on a machine whose sbatch takes everything and
 * notes it, and whose squeue knows nothing: for what belay decides before and after a scheduler.
 * The cluster's tests have real ones.
 */
record StubCluster(Path directory) {
  private static final int LIMIT_SECONDS = 300;

  /** What a command left. */
  record Answer(int exitCode, String output) {}

  /** With images in "data". */
  static StubCluster in(Path directory) throws Exception {
    StubCluster cluster = new StubCluster(directory.toRealPath());
    Files.createDirectories(cluster.bin());
    Files.createDirectories(cluster.path("home"));
    cluster.program("sbatch", "echo \"$*\" >>" + cluster.path("calls") + "; echo $$");
    cluster.program("squeue", "true");
    cluster.program("scancel", "true");
    cluster.program("scontrol", "true");
    Answer sample = cluster.belay("sample", "data", "--train", "64", "--test", "16");
    assertEquals(0, sample.exitCode, sample.output);
    return cluster;
  }

  Path path(String name) {
    return directory.resolve(name);
  }

  private Path bin() {
    return path("bin");
  }

  /** Puts a script in front of the PATH. */
  void program(String name, String text) throws IOException {
    Path file = Files.writeString(bin().resolve(name), "#!/bin/bash\n" + text + "\n");
    assertTrue(file.toFile().setExecutable(true));
  }

  /** Arguments of each sbatch so far. */
  List<String> calls() throws IOException {
    return Files.exists(path("calls")) ? Files.readAllLines(path("calls")) : List.of();
  }

  /** Submits to Slurm; on processors, so that nobody asks for a GPU. */
  Answer submit(String... arguments) throws Exception {
    return submit(Map.of(), arguments);
  }

  Answer submit(Map<String, String> environment, String... arguments) throws Exception {
    return answer(start(environment, submission(arguments)));
  }

  String[] submission(String... arguments) {
    List<String> words = new ArrayList<>(List.of("submit"));
    words.addAll(List.of(arguments));
    words.addAll(List.of("--conf", "demo", "--backend", "cpu", "--set", "cluster.scheduler=slurm"));
    return words.toArray(String[]::new);
  }

  Answer belay(String... arguments) throws Exception {
    return answer(start(Map.of(), arguments));
  }

  Answer train(String run) throws Exception {
    return belay(
        "train", "--run", run, "--conf", "demo", "--backend", "cpu", "--set", "data.dir=data");
  }

  Process start(Map<String, String> environment, String... arguments) throws IOException {
    Map<String, String> all = new HashMap<>(environment);
    all.putIfAbsent("PATH", bin() + ":" + System.getenv("PATH"));
    all.putIfAbsent("HOME", path("home").toString());
    List<String> options = List.of("-Xmx256m", ClassArchive.OPTION);
    List<String> command = Jar.command(Jar.PATH, options, arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.matches("(BELAY|SLURM|OAR|XDG)_.*"));
    builder.environment().putAll(all);
    return builder.start();
  }

  static Answer answer(Process process) throws Exception {
    process
        .onExit()
        .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
        .exceptionally(tooLong -> process.destroyForcibly());
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Answer(process.waitFor(), output);
  }
}
