package belay.cluster;

import belay.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A real OAR on this host, by src/test/cluster/oar/lab.sh. It ends with this object, and with this
 * JVM if that is killed: the lab reads what nobody writes.
 */
final class OarLab implements AutoCloseable {
  /** Whose runs are watched. */
  static final String USER = "belay1";

  /** Whose jobs take the nodes away. */
  static final String OTHER = "belay2";

  private static final Path SCRIPT = Path.of("src/test/cluster/oar/lab.sh").toAbsolutePath();
  private static final Pattern READY = Pattern.compile("ready: \\d+ GPUs in (.+)");
  private static final Pattern ID = Pattern.compile("OAR_JOB_ID=(\\d+)");

  private final Process process;
  private final Path directory;
  private final OarDatabase database = new OarDatabase();

  private OarLab(Process process, Path directory) throws IOException {
    this.process = process;
    this.directory = directory;
  }

  /** What is missing for a lab; empty if nothing is. */
  static String missing() {
    if (!System.getProperty("user.name").equals("root")) {
      return "a lab of OAR needs root";
    }
    boolean installed =
        Stream.of("/usr/sbin/oar-server", "/usr/bin/oarsub", "/usr/sbin/sshd", "/usr/bin/taktuk")
            .allMatch(program -> Files.isExecutable(Path.of(program)));
    return installed ? "" : "needs Debian's oar-server, oar-node, oar-user, see .ci/run";
  }

  /**
   * @param prefix with lib/belay.jar and jobs/, which the lab copies to where its users can read it
   */
  static OarLab start(Path prefix) throws IOException {
    Process process =
        new ProcessBuilder(SCRIPT.toString(), prefix.toString()).redirectErrorStream(true).start();
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    StringBuilder said = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      Matcher ready = READY.matcher(line);
      if (ready.find()) {
        return new OarLab(process, Path.of(ready.group(1)));
      }
      said.append(line).append('\n');
    }
    throw new AssertionError("OAR does not start: " + said);
  }

  /** Home, and directory of submission, of the user. */
  Path home() {
    return directory.resolve("home").resolve(USER);
  }

  /** The installed prefix. */
  Path prefix() {
    return directory.resolve("belay");
  }

  String script(String name) {
    return prefix().resolve("jobs/oar").resolve(name).toString();
  }

  /** A job, which has another id after every resubmission. */
  final class Job {
    private final String array;

    Job(String array) {
      this.array = array;
    }

    String id() {
      return array;
    }

    /**
     * What OAR says about each of its attempts, and about the others of its array; oldest first.
     */
    List<Map<?, ?>> attempts() {
      String all = command(USER, "oarstat", "-f", "--array", array, "-J");
      Map<?, ?> byId = Json.read(all, Map.class);
      List<Map<?, ?>> attempts = new ArrayList<>();
      byId.keySet().stream()
          .map(Object::toString)
          .sorted(Comparator.comparing(Long::valueOf))
          .forEach(id -> attempts.add((Map<?, ?>) byId.get(id)));
      return attempts;
    }

    Map<?, ?> last() {
      List<Map<?, ?>> attempts = attempts();
      return attempts.get(attempts.size() - 1);
    }

    /**
     * @param state of the latest attempt: Hold, Running, Terminated or Error
     */
    void await(String state) {
      await(1, state);
    }

    /** Waits until there are so many attempts, and the latest is in this state. */
    void await(int attempts, String state) {
      String states = "SELECT state FROM jobs WHERE array_id = %s ORDER BY job_id".formatted(array);
      WatchedRun.await(
          "job " + array + " to be " + state,
          () -> {
            List<String> all = sql(states).lines().toList();
            return all.size() >= attempts && all.get(all.size() - 1).equals(state);
          });
    }

    /**
     * Changes how long the latest attempt may last from its start, which may lie in the past, and
     * how long those after it may.
     */
    void limit(int seconds) {
      sql(
          "UPDATE moldable_job_descriptions SET moldable_walltime = %d WHERE moldable_job_id = %s"
              .formatted(seconds, field("Job_Id")));
    }

    /** Seconds since the latest attempt began. */
    int age() {
      double start = (double) last().get("startTime");
      return (int) (System.currentTimeMillis() / 1000 - (long) start);
    }

    /** Of the latest attempt, as oarstat says it. */
    String field(String name) {
      Object value = last().get(name);
      return value instanceof Double number ? Long.toString(number.longValue()) : "" + value;
    }

    /** What OAR's own file of the latest attempt says. */
    String output() {
      try {
        return Files.readString(home().resolve(field("stdout_file")));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    /** The exit code of the latest attempt. */
    int exitCode() {
      return exitCode(attempts().size());
    }

    /** The exit code of an attempt, from 1, which OAR keeps as a raw wait status. */
    int exitCode(int attempt) {
      return ((Number) attempts().get(attempt - 1).get("exit_code")).intValue() >> 8;
    }
  }

  /**
   * @param arguments of oarsub, as the user
   */
  Job oarsub(Object... arguments) {
    return oarsubAs(USER, arguments);
  }

  Job oarsubAs(String user, Object... arguments) {
    List<Object> command = new ArrayList<>(List.of("oarsub"));
    command.addAll(List.of(arguments));
    String said = command(user, command.toArray());
    Matcher id = ID.matcher(said);
    if (!id.find()) {
      throw new AssertionError(command + ": " + said);
    }
    return new Job(id.group(1));
  }

  /** What belay prints, as the user; fails if it does. */
  String belay(Object... arguments) {
    List<Object> command = new ArrayList<>(List.of("java", "-XX:TieredStopAtLevel=1", "-jar"));
    command.add(prefix().resolve("lib/belay.jar"));
    command.addAll(List.of(arguments));
    return command(USER, command.toArray());
  }

  /** An answer of OAR's database. */
  String sql(String query) {
    return database.ask(query);
  }

  /** What a command prints, with its errors; fails if it does. */
  String command(String user, Object... command) {
    try {
      Process started = start(user, List.of(command));
      String said = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (started.waitFor() != 0) {
        throw new AssertionError(List.of(command) + ": " + said);
      }
      return said.strip();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Starts a command as a user in his home directory, as after a login. */
  Process start(String user, List<?> command) throws IOException {
    Path home = directory.resolve("home").resolve(user);
    List<String> words =
        new ArrayList<>(List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--init-groups"));
    words.addAll(List.of("--reset-env", "env", "PWD=" + home)); // oarsub believes PWD
    command.forEach(word -> words.add(word.toString()));
    return new ProcessBuilder(words).directory(home.toFile()).redirectErrorStream(true).start();
  }

  @Override
  public void close() throws IOException {
    database.close();
    process.getOutputStream().close();
    process.getInputStream().readAllBytes();
    process.onExit().join();
  }
}
