package belay.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import belay.checkpoint.Attempt;
import belay.cluster.OarLab.Job;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The job files on a real OAR, each test on a node of its own. Whatever disturbs a run, it ends
 * with the bits of one that nobody disturbed, nobody is left at work on it, and its log reads as
 * one story.
 */
@Execution(ExecutionMode.CONCURRENT)
class OarIT {
  private static final List<String> SMALL =
      List.of(
          "--conf demo",
          "--set data.dir=data",
          "--set train.epochs=24",
          "--set checkpoint.interval-seconds=1",
          "--backend cpu");

  @TempDir static Path directory;

  private static OarLab oar;
  private static WatchedRun undisturbed;
  private static Job quiet; // trains that run

  @BeforeAll
  static void startOar() throws Exception {
    assumeTrue(OarLab.missing().isEmpty(), OarLab.missing());
    oar = OarLab.start(prefix());
    oar.belay("sample", "data", "--train", "400", "--test", "60");
    undisturbed = run("undisturbed");
    quiet = best("k40-1", "train.sh", undisturbed);
  }

  @AfterAll
  static void stopOar() throws Exception {
    if (oar != null) {
      oar.close();
    }
  }

  /** As modules/install.sh makes it, with a site's settings: dozens of JVMs share this machine. */
  private static Path prefix() throws Exception {
    Path prefix = directory.resolve("belay");
    Files.createDirectories(prefix.resolve("lib"));
    Files.copy(Path.of("target/belay.jar"), prefix.resolve("lib/belay.jar"));
    new ProcessBuilder("cp", "-R", "jobs", prefix.toString()).start().waitFor();
    Files.writeString(
        prefix.resolve("jobs/job.env"),
        "# small\nBELAY_JAVA_OPTS=-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1\n");
    return prefix;
  }

  @Test
  void aRunThatNobodyDisturbsEndsWithZeroAndAgainAtOnce() {
    quiet.await("Terminated");
    assertEquals(0, quiet.exitCode(), undisturbed.log());
    Job again = best("k40-1", "train.sh", undisturbed);
    again.await("Terminated");
    assertEquals(0, again.exitCode());
    assertTrue(undisturbed.log().contains("complete=true"), undisturbed.log());
  }

  @Test
  void aRunKilledWithoutWarningForAnotherJobComesBack() {
    WatchedRun run = run("killed");
    Job job = oarsub("v100-1", options("-t", "besteffort", "-t", "idempotent"), "train.sh", run);
    run.hold(1);
    preempt("v100-1");
    job.await("Terminated");
    assertEquals(2, job.attempts().size());
    assertNotEquals(job.id(), job.lastId());
    assertAsIfNothingHadHappened(run, 2);
    assertFalse(run.log().contains("signal="), run.log());
  }

  @Test
  void aRunWarnedAndKilledBeforeItsJobIsAMinuteOldComesBack() {
    WatchedRun run = run("warned-and-killed");
    Job job = best("v100-2", "train.sh", run, "--checkpoint", "10");
    run.hold(1);
    preempt("v100-2");
    run.awaitLog("signal=USR1", 1);
    run.release(1);
    run.awaitLog("exit-code=99", 1); // and stays, as OAR would not take it back
    job.await("Terminated");
    assertEquals(2, job.attempts().size());
    assertAsIfNothingHadHappened(run, 2);
    run.assertReadsAsOneStory(2);
  }

  @Test
  void aRunWarnedInItsFirstMinuteEndsAfterItAndComesBack() {
    WatchedRun run = run("warned");
    Job job = best("v100-3", "train.sh", run);
    run.hold(1);
    preempt("v100-3");
    run.awaitLog("signal=USR1", 1);
    run.release(1);
    job.await("Terminated");
    assertEquals(99, exitCode(job, 0));
    assertEquals(2, job.attempts().size());
    assertAsIfNothingHadHappened(run, 2);
    run.assertReadsAsOneStory(2);
  }

  @Test
  void aRunWarnedByTheUsualSignalAfterItsFirstMinuteEndsAtOnceAndComesBack() throws Exception {
    WatchedRun run = run("warned-late");
    Job job = oarsub("v100-4", options("-t", "idempotent", "--checkpoint", "30"), "train.sh", run);
    run.hold(1);
    Thread.sleep(62_000);
    oar.command(OarLab.USER, "oardel", "-c", job.id());
    run.awaitLog("signal=USR2", 1);
    run.release(1);
    job.await("Terminated");
    assertEquals(99, exitCode(job, 0));
    assertEquals(2, job.attempts().size());
    assertAsIfNothingHadHappened(run, 2);
    run.assertReadsAsOneStory(2);
  }

  @Test
  void aRunThatMeetsItsWalltimeGoesOnInTheNextSlot() {
    WatchedRun run = run("walltime");
    Job job =
        oarsub(
            "a100-1",
            List.of("-l", "/nodes=1/gpudevice=1,walltime=0:1:40"),
            options("-t", "idempotent", "--checkpoint", "30", "--signal", "15"),
            "train.sh",
            run);
    run.hold(1);
    run.awaitLog("signal=TERM", 1);
    run.release(1);
    job.await("Terminated");
    assertEquals(99, exitCode(job, 0));
    assertEquals(2, job.attempts().size());
    assertAsIfNothingHadHappened(run, 2);
    run.assertReadsAsOneStory(2);
  }

  @Test
  void aRunKilledAtItsWalltimeGoesOnWhenItIsSubmittedAgain() {
    WatchedRun run = run("walltime-unwarned");
    Job job =
        oarsub(
            "a100-2",
            List.of("-l", "/nodes=1/gpudevice=1,walltime=0:0:40"),
            options("-t", "idempotent"),
            "train.sh",
            run);
    run.hold(1);
    job.await("Error");
    assertEquals(1, job.attempts().size());
    run.assertNobodyLeft();
    best("a100-2", "train.sh", run).await("Terminated");
    assertAsIfNothingHadHappened(run, 2);
  }

  @Test
  void aDeletedRunStaysAwayUntilItIsSubmittedAgainAndLeavesNothingToTheNextStage() {
    WatchedRun run = run("deleted");
    Job job = best("a100-3", "train.sh", run);
    Job next = best("a100-3", "extract.sh", run, "-a", job.id());
    run.hold(1);
    oar.command(OarLab.USER, "oardel", job.id());
    next.await("Terminated");
    assertEquals(3, next.exitCode());
    assertTrue(run.log().contains("run belay train again"), run.log());
    assertEquals(1, job.attempts().size());
    run.assertNobodyLeft();
    best("a100-3", "train.sh", run).await("Terminated");
    quiet.await("Terminated");
    run.assertSameBits(undisturbed);
  }

  @Test
  void stagesFollowOneAnotherThoughTheFirstIsPreempted() {
    WatchedRun run = run("stages");
    Job train = oarsub("k40-2", options("-t", "besteffort", "-t", "idempotent"), "train.sh", run);
    Job extract = best("k40-2", "extract.sh", run, "-a", train.id());
    Job classify = best("k40-2", "classify.sh", run, "-a", extract.id());
    run.hold(1);
    preempt("k40-2");
    classify.await("Terminated");
    assertEquals(0, extract.exitCode(), run.log());
    assertEquals(0, classify.exitCode(), run.log());
    assertTrue(run.log().contains("accuracy"), run.log());
    assertAsIfNothingHadHappened(run, 2);
  }

  @Test
  void tenPreemptionsInARow() {
    WatchedRun run = run("ten");
    Job job = oarsub("a100-4", options("-t", "besteffort", "-t", "idempotent"), "train.sh", run);
    for (int attempt = 1; attempt <= 10; attempt++) {
      run.hold(attempt);
      preempt("a100-4");
    }
    job.await("Terminated");
    assertEquals(11, job.attempts().size());
    assertAsIfNothingHadHappened(run, 11);
  }

  @Test
  void aJobHeldInTheQueueStartsWhenResumedAndARunMayFreeze() throws Exception {
    WatchedRun run = run("frozen");
    Job job = best("k40-3", "train.sh", run, "--hold");
    job.await("Hold");
    oar.command(OarLab.USER, "oarresume", job.id());
    run.hold(1);
    assertASecondStartIsRefused(run);
    Thread.sleep(20_000); // longer than lease.stale-seconds
    assertASecondStartIsRefused(run);
    run.release(1);
    job.await("Terminated");
    assertAsIfNothingHadHappened(run, 1);
    run.assertReadsAsOneStory(1);
  }

  @Test
  void aListOfRunsNeedsNoShell() throws Exception {
    Path list = oar.home().resolve("runs.txt");
    WatchedRun one = run("list-1");
    WatchedRun other = run("list $(touch injected); 2");
    Files.write(list, List.of("# runs", "", line(one, " "), line(other, "\t")));
    String submit = oar.script("submit-array.sh");
    oar.command(OarLab.USER, submit, "train", list, "-p", "host='k40-4'");
    one.awaitLog("exit-code=0", 1);
    other.awaitLog("exit-code=0", 1);
    assertFalse(Files.exists(oar.home().resolve("injected")));
    quiet.await("Terminated");
    one.assertSameBits(undisturbed);
    other.assertSameBits(undisturbed);
  }

  @Test
  void aParameterFileOfOarIsAListOfRunsToo() throws Exception {
    Path list = oar.home().resolve("parameters.txt");
    WatchedRun one = run("parameters-1");
    WatchedRun other = run("parameters-2");
    Files.write(list, List.of(line(one, " "), line(other, " ")));
    String train = oar.script("train.sh");
    Job job = oar.oarsub("-S", "-p", "host='k40-1'", "--array-param-file", list, train);
    job.await("Terminated");
    one.awaitLog("exit-code=0", 1);
    other.awaitLog("exit-code=0", 1);
    quiet.await("Terminated");
    one.assertSameBits(undisturbed);
    other.assertSameBits(undisturbed);
  }

  @Test
  void theSameCommandsWorkByHand() throws Exception {
    WatchedRun run = run("by-hand");
    String shell = "oarsub -I -p \"host='a100-5'\" -l /nodes=1/gpudevice=1,walltime=0:10:0";
    Process hand = oar.start(OarLab.USER, List.of("script", "-qec", shell, "/dev/null"));
    try (var keys = hand.outputWriter(StandardCharsets.UTF_8)) {
      keys.write(oar.prefix().resolve("jobs/attempt.sh") + " train " + line(run, " ") + "\n");
      keys.flush();
      run.hold(1);
      keys.write(3); // Ctrl-C
      keys.flush();
      run.awaitLog("signal=INT", 1);
      run.release(1);
      run.awaitLog("exit-code=99", 1);
      keys.write("java -jar " + oar.prefix() + "/lib/belay.jar train --run " + run.path());
      keys.write("; exit\n");
      keys.flush();
      hand.getInputStream().readAllBytes();
    }
    assertEquals(0, hand.waitFor());
    quiet.await("Terminated");
    run.assertSameBits(undisturbed);
    run.assertNobodyLeft();
  }

  @Test
  void cigriIsAskedToTakeAStoppedRunBack() throws Exception {
    WatchedRun run = run("grid");
    Files.createDirectories(run.path());
    Files.writeString(run.path().resolve("job.env"), "BELAY_REQUEUE=cigri\n");
    Job job = oarsub("k40-5", options("-t", "besteffort", "--checkpoint", "60"), "train.sh", run);
    run.hold(1);
    oar.command(OarLab.USER, "oardel", "-c", job.id());
    run.awaitLog("signal=USR2", 1);
    run.release(1);
    job.await("Terminated");
    assertEquals(66, job.exitCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "extract", "classify", "pipeline", "array"})
  void oarUnderstandsEveryLineOfTheJobFile(String stage) {
    Job job = oar.oarsub("-S", "--hold", oar.script(stage + ".sh") + " run");
    Map<?, ?> facts = job.last();
    assertEquals("belay-" + stage, facts.get("name"));
    assertEquals(List.of("besteffort", "idempotent"), facts.get("types"));
    assertEquals("belay-" + stage + ".out", facts.get("stdout_file"));
    assertEquals("belay-" + stage + ".out", facts.get("stderr_file"));
    assertTrue(facts.get("wanted_resources").toString().contains("/gpudevice=1"));
    assertTrue(facts.get("message").toString().contains("T=besteffort|idempotent"));
    assertEquals("120 10", checkpoint(job));
    oar.command(OarLab.USER, "oardel", job.id());
  }

  /** What oarstat does not tell: the seconds of warning and their signal. */
  private static String checkpoint(Job job) {
    String row = "SELECT checkpoint || ' ' || checkpoint_signal FROM jobs WHERE job_id = ";
    return oar.sql(row + job.id());
  }

  private static WatchedRun run(String name) {
    return new WatchedRun(oar.home().resolve("runs").resolve(name));
  }

  /** With the job file's own options, and more. */
  private static Job best(String host, String script, WatchedRun run, String... options) {
    List<Object> arguments = new ArrayList<>(List.of("-S", "-p", "host='" + host + "'"));
    arguments.addAll(List.of(options));
    arguments.add(command(script, run));
    return oar.oarsub(arguments.toArray());
  }

  /** Without the job file's options. */
  private static Job oarsub(String host, List<String> options, String script, WatchedRun run) {
    List<String> resources = List.of("-l", "/nodes=1/gpudevice=1,walltime=0:10:0");
    return oarsub(host, resources, options, script, run);
  }

  private static Job oarsub(
      String host, List<String> resources, List<String> options, String script, WatchedRun run) {
    List<Object> arguments = new ArrayList<>(List.of("-p", "host='" + host + "'"));
    arguments.addAll(resources);
    arguments.addAll(options);
    arguments.add(command(script, run));
    return oar.oarsub(arguments.toArray());
  }

  private static String command(String script, WatchedRun run) {
    return oar.script(script) + " " + (script.equals("train.sh") ? line(run, " ") : run.path());
  }

  private static List<String> options(String... options) {
    return List.of(options);
  }

  /** A run and its options. */
  private static String line(WatchedRun run, String separator) {
    Stream<String> words =
        Stream.concat(Stream.of(run.path().toString()), SMALL.stream())
            .flatMap(word -> word.startsWith("--") ? Stream.of(word.split(" ")) : Stream.of(word));
    return String.join(separator, words.toList());
  }

  /** Takes a node away from whoever has it with best effort, and gives it back. */
  private static void preempt(String host) {
    oar.oarsubAs(OarLab.OTHER, "-p", "host='" + host + "'", "-l", "walltime=0:1:0", "true");
  }

  private static int exitCode(Job job, int attempt) {
    return ((Number) job.attempts().get(attempt).get("exit_code")).intValue() >> 8;
  }

  private static void assertASecondStartIsRefused(WatchedRun run) {
    AssertionError refusal =
        assertThrows(AssertionError.class, () -> oar.belay("train", "--run", run.path()));
    assertTrue(refusal.getMessage().contains("ERROR"), refusal.getMessage());
  }

  private static void assertAsIfNothingHadHappened(WatchedRun run, int attempts) {
    quiet.await("Terminated");
    run.assertSameBits(undisturbed);
    run.assertNobodyLeft();
    assertEquals(attempts, run.attempts().stream().filter(OarIT::trains).count(), run.log());
    assertEquals(attempts - 1, run.count(" resumed="), run.log());
  }

  private static boolean trains(Attempt attempt) {
    return attempt.start().stage().equals("train");
  }
}
