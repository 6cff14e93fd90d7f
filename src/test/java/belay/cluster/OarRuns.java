package belay.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.cluster.OarLab.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A lab of OAR in which small runs are trained, one of them undisturbed, to compare with. */
final class OarRuns implements AutoCloseable {
  private static final List<String> SMALL =
      List.of(
          "--conf",
          "demo",
          "--set",
          "data.dir=data",
          "--set",
          "checkpoint.interval-seconds=1",
          "--backend");

  final OarLab oar;
  final WatchedRun undisturbed;
  final Job quiet; // trains the undisturbed run

  private OarRuns(OarLab oar) {
    this.oar = oar;
    undisturbed = run("undisturbed");
    quiet = best("k40-1", "train.sh", undisturbed);
  }

  static OarRuns start(Path directory) throws Exception {
    OarLab oar = OarLab.start(prefix(directory));
    oar.belay("sample", "data", "--train", "200", "--test", "40");
    return new OarRuns(oar);
  }

  /** As modules/install.sh makes it, with a site's settings: dozens of JVMs share this machine. */
  private static Path prefix(Path directory) throws Exception {
    Path prefix = directory.resolve("belay");
    Files.createDirectories(prefix.resolve("lib"));
    Files.copy(Path.of("target/belay.jar"), prefix.resolve("lib/belay.jar"));
    new ProcessBuilder("cp", "-R", "jobs", prefix.toString()).start().waitFor();
    Files.writeString(
        prefix.resolve("jobs/job.env"),
        """
        # A small run, and a small JVM.
        BELAY_TRAIN_EPOCHS=24
        BELAY_CLUSTER_TIMEOUT_SECONDS=600
        BELAY_JAVA_OPTS=-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1
        """);
    return prefix;
  }

  WatchedRun run(String name) {
    return new WatchedRun(oar.home().resolve("runs").resolve(name));
  }

  /**
   * A run with settings of its own.
   *
   * @param setting BELAY_NAME=VALUE
   */
  WatchedRun run(String name, String setting) throws IOException {
    WatchedRun run = run(name);
    oar.command(OarLab.USER, "mkdir", "-p", run.path());
    Files.writeString(run.path().resolve("job.env"), setting + "\n");
    return run;
  }

  /** Submits with the job file's own options, and more. */
  Job best(String host, String script, WatchedRun run, String... options) {
    return submit(host, Stream.concat(Stream.of("-S"), Stream.of(options)), script, run);
  }

  /** Submits without the job file's options, for as long as it may need. */
  Job plain(String host, WatchedRun run, String... options) {
    return plainFor("5:0:0", host, run, options);
  }

  /** The same for so long. */
  Job plainFor(String walltime, String host, WatchedRun run, String... options) {
    Stream<String> resources = Stream.of("-l", "/nodes=1/gpudevice=1,walltime=" + walltime);
    return submit(host, Stream.concat(resources, Stream.of(options)), "train.sh", run);
  }

  private Job submit(String host, Stream<String> options, String script, WatchedRun run) {
    List<String> arguments = new ArrayList<>(options.toList());
    arguments.addAll(List.of("-p", "host='" + host + "'"));
    String what = script.equals("train.sh") ? line(run, " ") : run.path().toString();
    arguments.add(oar.script(script) + " " + what);
    return oar.oarsub(arguments.toArray());
  }

  /** A run and its options. */
  static String line(WatchedRun run, String separator) {
    return line(run, separator, "cpu");
  }

  /** The same, on the best device that there is. */
  static String lineOnBest(WatchedRun run) {
    return line(run, " ", "auto");
  }

  private static String line(WatchedRun run, String separator, String backend) {
    return run.path() + separator + String.join(separator, SMALL) + separator + backend;
  }

  /** Stops a run in the middle of training; another process is not let in then. */
  void hold(WatchedRun run) {
    run.hold(1);
    assertASecondStartIsRefused(run);
  }

  /** Takes a node away from whoever has it with best effort, and gives it back. */
  void preempt(String host) {
    oar.oarsubAs(OarLab.OTHER, "-p", "host='" + host + "'", "-l", "walltime=0:1:0", "true");
  }

  void assertASecondStartIsRefused(WatchedRun run) {
    AssertionError refusal =
        assertThrows(AssertionError.class, () -> oar.belay("train", "--run", run.path()));
    assertTrue(refusal.getMessage().contains("ERROR"), refusal.getMessage());
  }

  void assertAsIfNothingHadHappened(WatchedRun run, int attempts) {
    assertSameBits(run);
    assertResumed(run, attempts);
  }

  void assertResumed(WatchedRun run, int attempts) {
    run.assertNobodyLeft();
    long trainings =
        run.attempts().stream().filter(it -> it.start().stage().equals("train")).count();
    assertEquals(attempts, trainings, run.log());
    assertEquals(attempts - 1, run.count(" resumed="), run.log());
  }

  void assertSameBits(WatchedRun run) {
    quiet.await("Terminated");
    run.assertSameBits(undisturbed);
  }

  @Override
  public void close() throws IOException {
    oar.close();
  }
}
