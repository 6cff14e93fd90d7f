package belay.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The job files on a real Slurm, all tests at once and each on nodes of its own. Whatever disturbs
 * a run, it ends with the bits of one that nobody disturbed.
 */
class SlurmIT {
  private static final int IN_A_ROW = Integer.getInteger("belay.preemptions", 5);

  @TempDir static Path directory;

  @AutoClose private static SlurmJobs jobs;
  private static SlurmLab slurm;

  @BeforeAll
  static void startSlurm() throws Exception {
    jobs = SlurmJobs.start(directory, Map.of());
    slurm = jobs.slurm();
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void noticeOfPreemptionLetsTheJobRequeueItself() {
    WatchedRun run = jobs.run("noticed");
    SlurmLab.Job job = jobs.train(run, "-p", "grace", "-w", "v100-2");
    jobs.hold(run);
    jobs.occupy("v100-2");
    jobs.assertGoesOnAfter("USR1", run, job);
    assertEquals(1, run.count("requeued=" + job.id()));
    assertEquals("1", job.field("Restarts"));
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void timeLimitedRunGoesOnInTheNextSlot() {
    WatchedRun run = jobs.run("limited");
    SlurmLab.Job job = jobs.train(run, "-w", "v100-3", "--signal=B:USR1@6000");
    jobs.hold(run);
    job.limit(90); // of which less than 100 minutes are left, however long it took to come here
    run.awaitLog("signal=USR1", 1); // Slurm looks at its clocks every 30 s
    job.limit(600);
    run.release(1);
    job.awaitState("COMPLETED");
    jobs.assertUndisturbed(run);
    run.assertReadsAsOneStory(2);
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void requeueByHandGoesOnAndASecondInstanceIsRefused() {
    WatchedRun run = jobs.run("requeued");
    SlurmLab.Job job = jobs.train(run, "-w", "v100-4");
    jobs.hold(run);
    SlurmLab.Job second = jobs.train(run, "-w", "v100-4");
    second.awaitState("FAILED");
    assertEquals("7:0", second.field("ExitCode"));
    run.awaitLog("is in use by", 1);
    slurm.run(Map.of(), "scontrol", "requeue", job.id());
    jobs.assertGoesOnAfter("TERM", run, job);
  }

  /** What a user types under salloc, whose shell runs on the machine that it was typed on. */
  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void commandsByHandKnowTheirAllocation() {
    WatchedRun run = jobs.run("by hand");
    String said = jobs.allocate("v100-4", run);
    assertTrue(said.contains("exit code 0"), said);
    jobs.assertUndisturbed(run);
    assertEquals("slurm", run.attempts().get(0).start().scheduler());
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void jobOfALostNodeGoesOn() {
    WatchedRun run = jobs.run("lost");
    SlurmLab.Job job = jobs.train(run, "-w", "a100-1", "--gres=gpu:a100:1");
    jobs.hold(run);
    slurm.run(Map.of(), "scontrol", "update", "nodename=a100-1", "state=down", "reason=test");
    run.awaitLog("signal=TERM", 1);
    run.release(1);
    run.awaitLog("exit-code=99", 1);
    jobs.resume("a100-1");
    job.awaitState("COMPLETED");
    jobs.assertUndisturbed(run);
    run.assertReadsAsOneStory(2);
  }

  /** Slurm's daemon dies and the job's processes live on, beside those of the requeued job. */
  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void requeuedJobWaitsForTheInstanceOnANodeThatOnlySlurmHasLost() throws Exception {
    WatchedRun run = jobs.run("twice");
    String others = "--exclude=v100-[1-4],a100-[1-4],k40-[1-3]";
    SlurmLab.Job job = jobs.train(run, others);
    jobs.hold(run);
    slurm.loseNode(job.field("NodeList"));
    run.awaitLog("is in use by", 1);
    run.release(1);
    job.awaitState("COMPLETED");
    assertEquals("1", job.field("Restarts"));
    jobs.assertUndisturbed(run);
    run.assertReadsAsOneStory(2);
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void killedProcessFailsTheJobAndLosesNothing() {
    WatchedRun run = jobs.run("killed");
    SlurmLab.Job job = jobs.train(run, "-w", "a100-3");
    jobs.hold(run);
    SlurmLab.Job next = jobs.submit(Map.of(), "extract", run, jobs.after(job, "-w", "a100-3"));
    run.kill(1);
    job.awaitState("FAILED");
    assertEquals("137:0", job.field("ExitCode"));
    assertTrue(jobs.output(job).contains("java was killed (SIGKILL)"), jobs.output(job));
    next.awaitState("CANCELLED"); // and does not wait for ever for what cannot come
    jobs.train(run, "-w", "a100-3").awaitState("COMPLETED");
    jobs.assertUndisturbed(run);
    run.assertResumedWithAllThatWasToldSaved(2);
  }

  /** From an installed prefix, with a run directory whose name a shell would take apart. */
  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void dependentStagesFollowAPreemptedTraining() throws Exception {
    WatchedRun run = jobs.run("a run; $(touch evil) *");
    Map<String, String> prefix = Map.of("BELAY_HOME", jobs.prefix().toString());
    Object[] place = {"-p", "nograce", "-w", "a100-4"};
    SlurmLab.Job train = jobs.submit(prefix, "train", run, place);
    SlurmLab.Job extract = jobs.submit(prefix, "extract", run, jobs.after(train, place));
    SlurmLab.Job classify = jobs.submit(prefix, "classify", run, jobs.after(extract, place));
    jobs.hold(run);
    jobs.occupy("a100-4");
    run.awaitLog("signal=TERM", 1);
    run.release(1);
    train.awaitState("COMPLETED");
    extract.awaitState("COMPLETED");
    classify.awaitState("COMPLETED");
    jobs.assertUndisturbed(run);
    jobs.assertSameDatasets(run, "features.h5");
    jobs.assertSameDatasets(run, "svm.h5");
    run.assertReadsAsOneStory(2);
    assertFalse(Files.exists(directory.resolve("evil")));
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void slurmAcceptsEveryLineOfEveryJobFile() throws Exception {
    try (Stream<Path> files = Files.walk(SlurmJobs.FILES.getParent())) {
      for (Path file : files.filter(SlurmIT::isForSlurm).toList()) {
        slurm.run(Map.of(), "sbatch", "--test-only", file, "train", "list");
      }
    }
  }

  /** Of two lines of a kind the later one counts. */
  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aLineThatAUserTakesTheMarkFromWins() throws Exception {
    String text = Files.readString(SlurmJobs.FILES.resolve("train.sbatch"));
    for (String gpu : List.of("gpu:a100:1", "gpu:v100:1", "gpu:k40:1")) {
      String line = "#SBATCH --gres=" + gpu + "\n";
      Path edited =
          Files.writeString(directory.resolve("mine.sbatch"), text.replace("#" + line, line));
      SlurmLab.Job job = slurm.sbatch("--hold", edited, "run");
      assertEquals(gpu, job.field("TresPerNode").replaceFirst("gres.", ""));
      slurm.run(Map.of(), "scancel", job.id());
    }
  }

  private static boolean isForSlurm(Path file) {
    try {
      return Files.isRegularFile(file) && Files.readString(file).contains("#SBATCH");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void preemptionsWithoutGraceRequeueHoweverManyInARow() {
    WatchedRun run = jobs.run("often");
    SlurmLab.Job job = jobs.train(run, "-p", "nograce", "-w", "k40-2", "--gres=gpu:k40:1");
    for (int attempt = 1; attempt <= IN_A_ROW; attempt++) {
      run.hold(attempt);
      jobs.occupy("k40-2");
      run.awaitLog("signal=TERM", attempt);
      run.release(attempt);
    }
    job.awaitState("COMPLETED");
    assertEquals(Integer.toString(IN_A_ROW), job.field("Restarts"));
    jobs.assertUndisturbed(run);
    run.assertReadsAsOneStory(IN_A_ROW + 1);
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void whereJobsAreCancelledForOthersANewOneTakesOverWithItsDependants() {
    WatchedRun run = jobs.run("succeeded");
    Map<String, String> again = Map.of("BELAY_REQUEUE", "sbatch");
    Object[] place = {"-p", "cancel", "-w", "k40-3", "--gres=gpu:k40:1"};
    SlurmLab.Job first = jobs.submit(again, "train", run, place);
    SlurmLab.Job extract = jobs.submit(again, "extract", run, jobs.after(first, place));
    jobs.hold(run);
    jobs.occupy("k40-3");
    run.awaitLog("signal=TERM", 1);
    run.release(1);
    first.awaitState("PREEMPTED");
    run.awaitLog("submitted=", 1);
    String next = new SubmittedJobs(run.path()).read().get(0).job();
    run.awaitLog("submitted=" + next + "\n", 1); // status and cancel know it
    extract.awaitState("COMPLETED");
    jobs.assertUndisturbed(run);
    jobs.assertSameDatasets(run, "features.h5");
    // The new job may be the first to get the node, and has to make room as well then.
    long attempts = run.attempts().stream().filter(a -> a.start().stage().equals("train")).count();
    assertTrue(attempts >= 2, run.log());
    run.assertReadsAsOneStory((int) attempts);
  }
}
