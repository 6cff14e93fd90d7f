package belay.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import belay.checkpoint.RunDirectory;
import belay.checkpoint.RunStatus.State;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A Slurm that gives no notice of preemption, and requeues whatever exits with 99. */
@EnabledIfSystemProperty(
    named = "belay.sites",
    matches = "true",
    disabledReason = "four minutes on a second Slurm: -Dbelay.sites=true")
class SlurmSitesIT {
  @TempDir static Path directory;

  @AutoClose private static SlurmJobs jobs;

  @BeforeAll
  static void startSlurm() throws Exception {
    String grace = "/preempt_send_user_signal/d; s/GraceTime=1200/GraceTime=1/";
    jobs = SlurmJobs.start(directory, Map.of("SED", grace, "EXTRA", "RequeueExit=99"));
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void graceWithoutNoticeIsUsedForTrainingUntilItsEnd() {
    WatchedRun run = jobs.run("unnoticed");
    SlurmLab.Job job = jobs.train(run, "-p", "grace", "-w", "v100-1");
    jobs.hold(run);
    jobs.occupy("v100-1");
    jobs.assertGoesOnAfter("TERM", run, job);
    assertEquals(0, run.count("signal=USR1"));
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void exitCodeAloneRequeuesWhereTheSiteSaysSo() {
    WatchedRun run = jobs.run("exited");
    Map<String, String> exit = Map.of("BELAY_REQUEUE", "exit");
    SlurmLab.Job job = jobs.submit(exit, "train", run, "-w", "v100-2");
    jobs.hold(run);
    job.warn();
    jobs.assertGoesOnAfter("USR1", run, job);
    assertEquals(0, run.count("requeued="));
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void cancelledJobStaysEndedUntilItIsSubmittedAgain() {
    WatchedRun run = jobs.run("cancelled");
    SlurmLab.Job job = jobs.train(run, "-w", "v100-3");
    jobs.hold(run);
    jobs.slurm().run(Map.of(), "scancel", job.id());
    run.awaitLog("signal=TERM", 1);
    run.release(1);
    job.awaitState("CANCELLED");
    run.assertNobodyLeft();
    assertEquals(State.STOPPED, RunDirectory.at(run.path()).status().orElseThrow().state());
    jobs.train(run, "-w", "v100-3").awaitState("COMPLETED");
    assertEquals("CANCELLED", job.field("JobState"));
    jobs.assertUndisturbed(run);
    run.assertReadsAsOneStory(2);
  }

  /** One task of an array, whose last task carries the id of the whole. */
  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void taskOfAnArrayRequeuesItselfAlone() {
    WatchedRun run = jobs.run("task");
    SlurmLab.Job array = jobs.train(run, "-w", "v100-4", "--array=3");
    jobs.hold(run);
    jobs.slurm().new Job(array.id() + "_3").warn();
    jobs.assertGoesOnAfter("USR1", run, array);
    assertEquals(1, run.count("requeued=" + array.id() + "_3"));
  }
}
