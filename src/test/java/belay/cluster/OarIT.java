package belay.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import belay.cluster.OarLab.Job;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
  @TempDir static Path directory;

  private static OarRuns lab;

  @BeforeAll
  static void startOar() throws Exception {
    assumeTrue(OarLab.missing().isEmpty(), OarLab.missing());
    lab = OarRuns.start(directory);
  }

  @AfterAll
  static void stopOar() throws Exception {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void aRunThatNobodyDisturbsEndsWithZeroAndAgainAtOnce() {
    lab.quiet.await("Terminated");
    assertEquals(0, lab.quiet.exitCode(), lab.undisturbed.log());
    Job again = lab.best("k40-1", "train.sh", lab.undisturbed);
    again.await("Terminated");
    assertEquals(0, again.exitCode());
    assertTrue(lab.undisturbed.log().contains("complete=true"), lab.undisturbed.log());
  }

  @Test
  void aRunKilledWithoutWarningForAnotherJobComesBack() {
    WatchedRun run = lab.run("killed");
    Job job = lab.plain("v100-1", "0:10:0", run, "-t", "besteffort", "-t", "idempotent");
    lab.hold(run);
    lab.preempt("v100-1");
    job.await(2, "Terminated");
    lab.assertAsIfNothingHadHappened(run, 2);
    assertFalse(run.log().contains("signal="), run.log());
  }

  @Test
  void aRunWarnedAndKilledBeforeItsJobIsAMinuteOldComesBack() {
    WatchedRun run = lab.run("warned-and-killed");
    Job job = lab.best("v100-2", "train.sh", run, "--checkpoint", "10");
    lab.hold(run);
    lab.preempt("v100-2");
    run.awaitLog("signal=USR1", 1);
    run.release(1);
    run.awaitLog("exit-code=99", 1); // and stays, as OAR would not take it back
    job.await(2, "Terminated");
    lab.assertAsIfNothingHadHappened(run, 2);
    run.assertReadsAsOneStory(2);
  }

  @Test
  void aRunWarnedInItsFirstMinuteEndsAfterItAndComesBack() {
    WatchedRun run = lab.run("warned");
    Job job = lab.best("v100-3", "train.sh", run);
    lab.hold(run);
    lab.preempt("v100-3");
    run.awaitLog("signal=USR1", 1);
    run.release(1);
    job.await(2, "Terminated");
    assertEquals(99, job.exitCode(1));
    lab.assertAsIfNothingHadHappened(run, 2);
    run.assertReadsAsOneStory(2);
  }

  @Test
  void aRunWarnedByTheUsualSignalAfterItsFirstMinuteEndsAtOnceAndComesBack() throws Exception {
    WatchedRun run = lab.run("warned-late");
    Job job = lab.plain("v100-4", "0:10:0", run, "-t", "idempotent", "--checkpoint", "30");
    lab.hold(run);
    Thread.sleep(62_000);
    lab.oar.command(OarLab.USER, "oardel", "-c", job.id());
    run.awaitLog("signal=USR2", 1);
    run.release(1);
    job.await(2, "Terminated");
    assertEquals(99, job.exitCode(1));
    lab.assertAsIfNothingHadHappened(run, 2);
    run.assertReadsAsOneStory(2);
  }

  @Test
  void aRunThatMeetsItsWalltimeGoesOnInTheNextSlot() {
    WatchedRun run = lab.run("walltime");
    Job job =
        lab.plain(
            "a100-1", "0:2:10", run, "-t", "idempotent", "--checkpoint", "70", "--signal", "15");
    lab.hold(run);
    run.awaitLog("signal=TERM", 1);
    run.release(1);
    job.await(2, "Terminated");
    assertEquals(99, job.exitCode(1));
    lab.assertAsIfNothingHadHappened(run, 2);
    run.assertReadsAsOneStory(2);
  }

  @Test
  void aRunSavesBeforeItsWalltimeThoughNobodyWarnsIt() throws Exception {
    WatchedRun run = lab.run("unwarned");
    Job job = lab.plain("a100-3", "0:2:0", run, "-t", "idempotent");
    lab.hold(run);
    Instant early = Instant.parse(run.log().replaceAll("(?s).* saves-at=(\\S+).*", "$1"));
    WatchedRun.await(early + " to come", () -> Instant.now().isAfter(early));
    run.release(1);
    job.await(2, "Terminated");
    assertEquals(99, job.exitCode(1));
    assertFalse(run.log().contains("signal="), run.log());
    lab.assertAsIfNothingHadHappened(run, 2);
    run.assertReadsAsOneStory(2);
  }

  @Test
  void aRunKilledAtItsWalltimeGoesOnWhenItIsSubmittedAgain() {
    WatchedRun run = lab.run("walltime-unwarned");
    Job job = lab.plain("a100-2", "0:1:0", run, "-t", "idempotent");
    run.hold(1);
    job.await("Error");
    assertEquals(1, job.attempts().size());
    run.assertNobodyLeft();
    lab.best("a100-2", "train.sh", run).await("Terminated");
    lab.assertAsIfNothingHadHappened(run, 2);
  }

  @Test
  void aDeletedRunStaysAwayUntilItIsSubmittedAgainAndLeavesNothingToTheNextStage() {
    WatchedRun run = lab.run("deleted");
    Job job = lab.best("a100-4", "train.sh", run);
    Job next = lab.best("a100-4", "extract.sh", run, "-a", job.id());
    lab.hold(run);
    lab.oar.command(OarLab.USER, "oardel", job.id());
    next.await("Terminated");
    assertEquals(3, next.exitCode());
    assertTrue(run.log().contains("run belay train again"), run.log());
    assertEquals(1, job.attempts().size());
    run.assertNobodyLeft();
    lab.best("a100-4", "train.sh", run).await("Terminated");
    lab.assertSameBits(run);
  }

  @Test
  void stagesFollowOneAnotherThoughTheFirstIsPreempted() {
    WatchedRun run = lab.run("stages");
    Job train = lab.plain("k40-2", "0:10:0", run, "-t", "besteffort", "-t", "idempotent");
    Job extract = lab.best("k40-2", "extract.sh", run, "-a", train.id());
    Job classify = lab.best("k40-2", "classify.sh", run, "-a", extract.id());
    lab.hold(run);
    lab.preempt("k40-2");
    classify.await("Terminated");
    assertEquals(0, extract.exitCode(), run.log());
    assertEquals(0, classify.exitCode(), run.log());
    assertTrue(run.log().contains("accuracy"), run.log());
    lab.assertAsIfNothingHadHappened(run, 2);
  }

  @Test
  void tenPreemptionsInARow() throws IOException {
    // So many epochs that it cannot end before the tenth, however late this test looks.
    WatchedRun quiet = lab.run("quiet-long", "BELAY_TRAIN_EPOCHS=200");
    Job alone = lab.best("k40-1", "train.sh", quiet);
    WatchedRun run = lab.run("ten", "BELAY_TRAIN_EPOCHS=200");
    Job job = lab.plain("v100-5", "0:10:0", run, "-t", "besteffort", "-t", "idempotent");
    for (int attempt = 1; attempt <= 10; attempt++) {
      run.hold(attempt);
      lab.preempt("v100-5");
    }
    job.await(11, "Terminated");
    alone.await("Terminated");
    run.assertSameBits(quiet);
    lab.assertResumed(run, 11);
  }

  @Test
  void aJobHeldInTheQueueStartsWhenResumedAndARunMayFreeze() throws Exception {
    WatchedRun run = lab.run("frozen");
    Job job = lab.best("k40-3", "train.sh", run, "--hold");
    job.await("Hold");
    lab.oar.command(OarLab.USER, "oarresume", job.id());
    lab.hold(run);
    lab.assertASecondStartIsRefused(run);
    Thread.sleep(20_000); // longer than lease.stale-seconds
    lab.assertASecondStartIsRefused(run);
    run.release(1);
    job.await("Terminated");
    lab.assertAsIfNothingHadHappened(run, 1);
    run.assertReadsAsOneStory(1);
  }

  @Test
  void aListOfRunsNeedsNoShell() throws Exception {
    Path list = lab.oar.home().resolve("runs.txt");
    WatchedRun one = lab.run("list-1");
    WatchedRun other = lab.run("list $(touch injected); 2");
    Files.write(list, List.of("# runs", "", OarRuns.line(one, " "), OarRuns.line(other, "\t")));
    String submit = lab.oar.script("submit-array.sh");
    lab.oar.command(OarLab.USER, submit, "train", list, "-p", "host='k40-4'");
    one.awaitLog("exit-code=0", 1);
    other.awaitLog("exit-code=0", 1);
    assertFalse(Files.exists(lab.oar.home().resolve("injected")));
    lab.assertSameBits(one);
    lab.assertSameBits(other);
  }

  @Test
  void aParameterFileOfOarIsAListOfRunsToo() throws Exception {
    Path list = lab.oar.home().resolve("parameters.txt");
    WatchedRun one = lab.run("parameters-1");
    WatchedRun other = lab.run("parameters-2");
    Files.write(list, List.of(OarRuns.line(one, " "), OarRuns.line(other, " ")));
    String train = lab.oar.script("train.sh");
    Job job = lab.oar.oarsub("-S", "-p", "host='k40-1'", "--array-param-file", list, train);
    one.awaitLog("exit-code=0", 1);
    other.awaitLog("exit-code=0", 1);
    assertEquals(2, job.attempts().size());
    lab.assertSameBits(one);
    lab.assertSameBits(other);
  }

  @Test
  void theSameCommandsWorkByHand() throws Exception {
    WatchedRun run = lab.run("by-hand");
    String shell = "oarsub -I -p \"host='a100-5'\" -l /nodes=1/gpudevice=1,walltime=0:10:0";
    Process hand = lab.oar.start(OarLab.USER, List.of("script", "-qec", shell, "/dev/null"));
    try (var keys = hand.outputWriter(StandardCharsets.UTF_8)) {
      keys.write(
          lab.oar.prefix().resolve("jobs/attempt.sh") + " train " + OarRuns.line(run, " ") + "\n");
      keys.flush();
      lab.hold(run);
      keys.write(3); // Ctrl-C
      keys.flush();
      run.awaitLog("signal=INT", 1);
      run.release(1);
      run.awaitLog("exit-code=99", 1);
      keys.write("java -jar " + lab.oar.prefix() + "/lib/belay.jar train --run " + run.path());
      keys.write("; exit\n");
      keys.flush();
      hand.getInputStream().readAllBytes();
    }
    assertEquals(0, hand.waitFor());
    lab.assertSameBits(run);
    run.assertNobodyLeft();
  }

  @Test
  void cigriIsAskedToTakeAStoppedRunBack() throws Exception {
    WatchedRun run = lab.run("grid", "BELAY_REQUEUE=cigri");
    Job job = lab.plain("k40-5", "0:10:0", run, "-t", "besteffort", "--checkpoint", "60");
    lab.hold(run);
    lab.oar.command(OarLab.USER, "oardel", "-c", job.id());
    run.awaitLog("signal=USR2", 1);
    run.release(1);
    job.await("Terminated");
    assertEquals(66, job.exitCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "extract", "classify", "pipeline", "array"})
  void oarUnderstandsEveryLineOfTheJobFile(String stage) {
    Job job = lab.oar.oarsub("-S", "--hold", lab.oar.script(stage + ".sh") + " run");
    Map<?, ?> facts = job.last();
    assertEquals("belay-" + stage, facts.get("name"));
    assertEquals(List.of("besteffort", "idempotent"), facts.get("types"));
    assertEquals("belay-" + stage + ".out", facts.get("stdout_file"));
    assertEquals("belay-" + stage + ".out", facts.get("stderr_file"));
    assertTrue(facts.get("wanted_resources").toString().contains("/gpudevice=1"));
    assertTrue(facts.get("message").toString().contains("T=besteffort|idempotent"));
    assertEquals("120 10", checkpoint(job));
    lab.oar.command(OarLab.USER, "oardel", job.id());
  }

  /** What oarstat does not tell: the seconds of warning and their signal. */
  private static String checkpoint(Job job) {
    String row = "SELECT checkpoint || ' ' || checkpoint_signal FROM jobs WHERE job_id = ";
    return lab.oar.sql(row + job.id());
  }
}
