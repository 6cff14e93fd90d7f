package belay.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A real Slurm on this host, by src/test/cluster/slurm/lab.sh. It ends with this object, and with
 * this JVM if that is killed: the lab's command reads what nobody writes.
 */
final class SlurmLab implements AutoCloseable {
  private static final Path SCRIPT =
      Path.of("src/test/cluster/slurm/lab.sh").toAbsolutePath().normalize();
  private static final Set<String> OVER =
      Set.of("COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "PREEMPTED", "NODE_FAIL");

  private final Path configuration;
  private final Path work;
  private final Process process;

  private SlurmLab(Path configuration, Path work, Process process) {
    this.configuration = configuration;
    this.work = work;
    this.process = process;
  }

  static boolean isInstalled() {
    return List.of("slurmctld", "slurmd", "munged").stream()
        .allMatch(program -> Files.isExecutable(Path.of("/usr/sbin", program)));
  }

  /**
   * @param directory for everything of the lab; no blanks in its name
   * @param work current directory of all commands
   * @param site lines of slurm.conf that differ, as EXTRA and SED of lab.sh
   */
  static SlurmLab start(Path directory, Path work, Map<String, String> site) throws IOException {
    ProcessBuilder lab =
        new ProcessBuilder(SCRIPT.toString(), directory.toString(), "sh", "-c", "echo ready; cat")
            .redirectErrorStream(true);
    lab.environment().putAll(site);
    Process process = lab.start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder said = new StringBuilder();
    for (String line = output.readLine(); !"ready".equals(line); line = output.readLine()) {
      if (line == null) {
        throw new AssertionError("Slurm does not start: " + said);
      }
      said.append(line).append('\n');
    }
    return new SlurmLab(directory.resolve("slurm.conf"), work, process);
  }

  /** One job, or the whole of an array. */
  final class Job {
    private final String id;

    Job(String id) {
      this.id = id;
    }

    String id() {
      return id;
    }

    /** Of the job, or of the first task: JobState, Restarts, ExitCode ... */
    String field(String name) {
      Matcher field = Pattern.compile("\\b" + name + "=(\\S*)").matcher(facts());
      return field.find() ? field.group(1) : "";
    }

    /** All of the line that tells the field, and what stands before it in a line of others. */
    String line(String name) {
      Matcher field = Pattern.compile("(?m)\\b" + name + "=(.*)$").matcher(shown());
      boolean isAlone = Set.of("Comment", "WorkDir", "StdOut", "StdErr").contains(name);
      return isAlone ? (field.find() ? field.group(1).strip() : "") : field(name);
    }

    private String shown() {
      return run(Map.of(), "scontrol", "show", "job", id);
    }

    boolean isOver() {
      return OVER.contains(field("JobState"));
    }

    private String facts() {
      return run(Map.of(), "scontrol", "-o", "show", "job", id);
    }

    /** Sends SIGUSR1 to the job's shell, as `--signal=B:USR1@` does. */
    void warn() {
      run(Map.of(), "scancel", "--batch", "--signal=USR1", id);
    }

    /** Changes how many minutes the job may run, from its start. */
    void limit(int minutes) {
      run(Map.of(), "scontrol", "update", "JobId=" + id, "TimeLimit=" + minutes);
    }

    void awaitState(String state) {
      WatchedRun.await(
          "job " + id + " to be " + state,
          () -> {
            String now = field("JobState");
            if (OVER.contains(now) && !now.equals(state)) {
              throw new AssertionError("job " + id + " is " + now + ", not " + state);
            }
            return now.equals(state);
          });
    }

    /** Waits until no task waits or runs, and returns the tasks' states. */
    Set<String> awaitTasks() {
      WatchedRun.await(
          "the tasks of " + id, () -> run(Map.of(), "squeue", "-h", "-j", id).isEmpty());
      Matcher state = Pattern.compile("JobState=(\\S+)").matcher(facts());
      return state.results().map(at -> at.group(1)).collect(Collectors.toSet());
    }
  }

  /**
   * @param arguments of sbatch
   */
  Job sbatch(Map<String, String> environment, Object... arguments) {
    List<Object> command = new ArrayList<>(List.of("sbatch", "--parsable"));
    command.addAll(List.of(arguments));
    return new Job(run(environment, command.toArray()));
  }

  Job sbatch(Object... arguments) {
    return sbatch(Map.of(), arguments);
  }

  /** What a command of Slurm prints; an error if it fails. */
  String run(Map<String, String> environment, Object... command) {
    List<String> words = List.of(command).stream().map(Object::toString).toList();
    try {
      ProcessBuilder builder = new ProcessBuilder(words).directory(work.toFile());
      Path errors = Files.createTempFile(work, "errors", ".txt");
      builder.redirectError(errors.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("BELAY_"));
      builder.environment().put("SLURM_CONF", configuration.toString());
      // Dozens of JVMs share this machine.
      builder
          .environment()
          .put("BELAY_JAVA_OPTS", "-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1");
      builder.environment().putAll(environment);
      Process started = builder.start();
      String said = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (started.waitFor() != 0) {
        throw new AssertionError(words + ": " + said + Files.readString(errors));
      }
      Files.delete(errors);
      return said.strip();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Kills the daemon of a node, and nothing of the node's jobs, and lets Slurm notice at once. */
  void loseNode(String node) throws IOException {
    Path file = configuration.resolveSibling("run/slurmd-" + node + ".pid");
    run(Map.of(), "kill", "-KILL", Files.readString(file).strip());
    Files.delete(file);
    run(Map.of(), "scontrol", "update", "nodename=" + node, "state=down", "reason=lost");
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      process.waitFor();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
