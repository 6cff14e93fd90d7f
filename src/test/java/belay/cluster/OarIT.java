package belay.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import belay.checkpoint.Attempt;
import belay.cluster.OarLab.Job;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
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

  @AutoClose private static OarRuns lab;

  @BeforeAll
  static void startOar() throws Exception {
    assumeTrue(OarLab.missing().isEmpty(), OarLab.missing());
    lab = OarRuns.start(directory);
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
    Job job = lab.plain("v100-1", run, "-t", "besteffort", "-t", "idempotent");
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
    run.release(1); // saves, and stays as OAR would not take it back; or is too late to save
    job.await(2, "Terminated");
    lab.assertAsIfNothingHadHappened(run, 2);
  }

  @Test
  void aRunWarnedInItsFirstMinuteEndsAfterItAndComesBack() {
    WatchedRun run = lab.run("warned");
    Job job = lab.best("v100-3", "train.sh", run);
    lab.hold(run);
    lab.preempt("v100-3");
    run.awaitLog("signal=USR1", 1);
    assertGoesOn(run, job);
  }

  @Test
  void aRunWarnedByTheUsualSignalAfterItsFirstMinuteEndsAtOnceAndComesBack() throws Exception {
    WatchedRun run = lab.run("warned-late");
    Job job = lab.plain("v100-4", run, "-t", "idempotent", "--checkpoint", "30");
    lab.hold(run);
    Thread.sleep(62_000);
    lab.oar.command(OarLab.USER, "oardel", "-c", job.id());
    run.awaitLog("signal=USR2", 1);
    assertGoesOn(run, job);
  }

  @Test
  void aRunThatMeetsItsWalltimeGoesOnInTheNextSlot() {
    WatchedRun run = lab.run("walltime");
    Job job =
        lab.plain("a100-1", run, "-t", "idempotent", "--checkpoint", "3600", "--signal", "15");
    lab.hold(run);
    job.limit(job.age() + 3000); // so that the warning is due
    run.awaitLog("signal=TERM", 1);
    job.limit(5 * 3600);
    assertGoesOn(run, job);
  }

  @Test
  void aRunSavesBeforeItsWalltimeThoughNobodyWarnsIt() throws Exception {
    WatchedRun run = lab.run("unwarned");
    Job job = lab.plainFor("0:4:0", "a100-3", run, "-t", "idempotent");
    int attempt = run.holdAny(); // on a very slow machine not the first one
    Instant early = Instant.parse(run.log().replaceAll("(?s).* saves-at=(\\S+).*", "$1"));
    WatchedRun.await(early + " to come", () -> Instant.now().isAfter(early));
    run.release(attempt);
    job.await(attempt + 1, "Terminated");
    assertEquals(99, job.exitCode(attempt));
    assertFalse(run.log().contains("signal="), run.log());
    lab.assertSameBits(run);
    run.assertNobodyLeft();
  }

  @Test
  void aRunKilledAtItsWalltimeGoesOnWhenItIsSubmittedAgain() {
    WatchedRun run = lab.run("walltime-unwarned");
    Job job = lab.plain("a100-2", run, "-t", "idempotent");
    lab.hold(run);
    job.limit(1);
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
  void laterStagesTellWhatEndedTheFirst() {
    WatchedRun run = lab.run("hopeless");
    String hopeless = lab.oar.script("train.sh") + " " + run.path() + " --set data.dir=absent";
    Job train = lab.oar.oarsub("-S", "-p", "host='a100-4'", hopeless + " --backend cpu");
    Job extract = lab.best("a100-4", "extract.sh", run, "-a", train.id());
    Job classify = lab.best("a100-4", "classify.sh", run, "-a", extract.id());
    classify.await("Terminated");
    assertEquals(
        List.of(3, 3, 3), List.of(train, extract, classify).stream().map(Job::exitCode).toList());
    assertTrue(train.output().contains(" ERROR job=oar:" + train.id() + " "), train.output());
    String cause =
        " train failed with exit code 3: "
            + train
                .output()
                .replaceAll("(?s).* ERROR job=\\S+ ", "")
                .lines()
                .findFirst()
                .orElseThrow();
    assertTrue(extract.output().contains(cause), extract.output());
    assertTrue(classify.output().contains(cause), classify.output());
  }

  /** GPUs of the lab are names only, so that every node's is broken. */
  @Test
  void aJobWithABrokenGpuEndsAndSaysHowToAvoidItsNode() {
    WatchedRun run = lab.run("broken");
    String train = lab.oar.script("train.sh") + " " + OarRuns.lineOnBest(run);
    Job job = lab.oar.oarsub("-S", "-p", "host='a100-5'", train);
    job.await("Terminated");
    assertEquals(4, job.exitCode());
    String words = "Node a100-5 is broken: this job was given a GPU (/gpudevice=1) of it";
    assertTrue(job.output().contains(words), job.output());
    assertTrue(job.output().contains("-p \"network_address != 'a100-5'\""), job.output());
  }

  @Test
  void aJobWithoutAGpuUsesTheProcessors() {
    WatchedRun run = lab.run("without");
    String train = lab.oar.script("train.sh") + " " + OarRuns.lineOnBest(run);
    Job job = lab.oar.oarsub("-l", "/nodes=1/core=1,walltime=5:0:0", "-p", "host='k40-5'", train);
    job.await("Terminated");
    assertEquals(0, job.exitCode(), run.log());
    assertEquals(1, run.count("backend=cpu, as no GPU can be used"), run.log());
    lab.assertSameBits(run);
  }

  /** OAR passes no locale on. */
  @Test
  void namesOfAnyLetterNeedNoLocale() {
    WatchedRun run = lab.run("\u00fcml\u00e4ut-\u6f22\u5b57");
    Job job = lab.best("k40-5", "train.sh", run);
    job.await("Terminated");
    assertEquals(0, job.exitCode(), run.log());
    lab.assertSameBits(run);
  }

  @Test
  void signalsAtAnyMomentCrashNothing() throws Exception {
    WatchedRun run = lab.run("signalled");
    Job job = lab.plain("k40-3", run, "-t", "idempotent", "--checkpoint", "30");
    WatchedRun.await("the job", () -> run.count("heap-mib=") > 0);
    while (run.count("exit-code=99") == 0) {
      lab.oar.command(OarLab.USER, "sh", "-c", "oardel -c " + job.id() + " || true");
    }
    job.await(2, "Terminated");
    assertEquals(0, job.exitCode(), run.log());
    lab.assertSameBits(run);
  }

  @Test
  void stagesFollowOneAnotherThoughTheFirstIsPreempted() {
    WatchedRun run = lab.run("stages");
    Job train = lab.plain("k40-2", run, "-t", "besteffort", "-t", "idempotent");
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
    WatchedRun quiet = lab.run("quiet-long", "BELAY_TRAIN_EPOCHS=100");
    Job alone = lab.best("k40-1", "train.sh", quiet);
    WatchedRun run = lab.run("ten", "BELAY_TRAIN_EPOCHS=100");
    Job job = lab.plain("v100-5", run, "-t", "besteffort", "-t", "idempotent");
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
    List<String> lines =
        List.of("\uFEFF# runs", "", OarRuns.line(one, " "), OarRuns.line(other, "\t"));
    Files.writeString(list, String.join("\r\n", lines));
    String submit = lab.oar.script("submit-array.sh");
    lab.oar.command(OarLab.USER, submit, "train", list, "-p", "host='k40-4'");
    one.awaitLog("exit-code=0", 1);
    other.awaitLog("exit-code=0", 1);
    assertFalse(Files.exists(lab.oar.home().resolve("injected")));
    lab.assertSameBits(one);
    lab.assertSameBits(other);
  }

  /** One of them is taken away in the middle, and comes back. */
  @Test
  void noMoreRunsOfAListWorkTogetherThanAllowed() throws Exception {
    Path list = lab.oar.home().resolve("together.txt");
    List<WatchedRun> runs = Stream.of("t1", "t2", "t3").map(lab::run).toList();
    Files.write(list, runs.stream().map(run -> OarRuns.line(run, " ")).toList());
    String submit = lab.oar.script("submit-array.sh");
    // Two nodes, so that it is not for want of them.
    String hosts = "host in ('k40-2', 'v100-4')";
    lab.oar.command(OarLab.USER, "env", "TOGETHER=1", submit, "train", list, "-p", hosts);
    lab.hold(runs.get(0));
    for (String host : List.of("k40-2", "v100-4")) {
      lab.preempt(host);
    }
    runs.get(0).awaitLog("signal=USR1", 1);
    runs.get(0).release(1);
    List<Attempt> attempts = new ArrayList<>();
    for (WatchedRun run : runs) {
      run.awaitLog("exit-code=0", 1);
      lab.assertSameBits(run);
      attempts.addAll(run.attempts());
    }
    assertTrue(attempts.size() > 3, attempts::toString);
    SlurmComesBackIT.assertOneAtATime(attempts);
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
    Job job = lab.plain("k40-5", run, "-t", "besteffort", "--checkpoint", "60");
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
    String output = "belay-" + stage + "-" + job.id() + ".out";
    assertEquals(output, facts.get("stdout_file"));
    assertEquals(output, facts.get("stderr_file"));
    assertEquals("default", facts.get("project"));
    assertFalse(facts.get("properties").toString().contains("gpumodel"), facts::toString);
    assertTrue(facts.get("wanted_resources").toString().contains("/gpudevice=1"));
    assertTrue(facts.get("message").toString().contains("T=besteffort|idempotent"));
    assertEquals("120 10", checkpoint(job));
    lab.oar.command(OarLab.USER, "oardel", job.id());
  }

  /** As for Bigfoot, but for the name of the level of GPUs, which this OAR calls gpudevice. */
  @Test
  void linesThatAUserTakesTheMarkFromCount() throws Exception {
    String text =
        Files.readString(lab.oar.prefix().resolve("jobs/oar/train.sh"))
            .replaceAll("(?m)^(#OAR (-l|--checkpoint|--signal))", "# $1")
            .replaceAll("(?m)^#(#OAR (-l|-p gpumodel='A100'|--project))", "$1")
            .replace("/gpu=1", "/gpudevice=1");
    Path edited = lab.oar.home().resolve("mine.sh");
    Files.writeString(edited, text);
    assertTrue(edited.toFile().setExecutable(true, false));
    Job job = lab.oar.oarsub("-S", "--hold", "./mine.sh run");
    String said = job.last().toString();
    assertEquals("pr-NAME", job.field("project"), said);
    assertTrue(job.field("properties").contains("(gpumodel='A100')"), said);
    assertEquals(1, job.field("wanted_resources").split("/gpudevice=1", -1).length - 1, said);
    assertEquals("0 12", checkpoint(job)); // no warning
    lab.oar.command(OarLab.USER, "oardel", job.id());
  }

  /** What oarstat does not tell: the seconds of warning and their signal. */
  private static String checkpoint(Job job) {
    String row = "SELECT checkpoint || ' ' || checkpoint_signal FROM jobs WHERE job_id = ";
    return lab.oar.sql(row + job.id());
  }

  /** The first attempt saves and ends, the second completes the run. */
  private static void assertGoesOn(WatchedRun run, Job job) {
    run.release(1);
    job.await(2, "Terminated");
    assertEquals(99, job.exitCode(1));
    lab.assertAsIfNothingHadHappened(run, 2);
    run.assertReadsAsOneStory(2);
  }
}
