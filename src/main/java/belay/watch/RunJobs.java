package belay.watch;

import belay.checkpoint.Attempt;
import belay.checkpoint.RunDirectory;
import belay.cluster.SubmittedJob;
import belay.cluster.SubmittedJobs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The jobs that are known to have worked on a run, or are to. */
public final class RunJobs {
  /** Older ones have long ended, and a command line has its limits. */
  private static final int MOST = 30;

  private RunJobs() {}

  /** What belay submit recorded, and the job of the latest attempt, whoever submitted it. */
  public static List<SubmittedJob> of(RunDirectory run) {
    List<SubmittedJob> jobs = new ArrayList<>(submitted(run));
    List<Attempt> attempts = run.attempts();
    if (!attempts.isEmpty()) {
      Attempt.Start latest = attempts.get(attempts.size() - 1).start();
      boolean isKnown = jobs.stream().anyMatch(job -> job.job().equals(latest.jobId()));
      if (latest.jobId() != null && !isKnown) {
        jobs.add(asJob(latest));
      }
    }
    return jobs;
  }

  /**
   * What belay submit recorded. Of jobs that took one another's place only the latest: the others
   * have ended.
   */
  static List<SubmittedJob> submitted(RunDirectory run) {
    List<SubmittedJob> all = new SubmittedJobs(run.path()).read();
    Optional<SubmittedJob> successor =
        all.stream().filter(SubmittedJob::isSuccessor).reduce((before, last) -> last);
    List<SubmittedJob> jobs =
        all.stream()
            .filter(job -> !job.isSuccessor() || job.equals(successor.orElseThrow()))
            .toList();
    return jobs.subList(Math.max(0, jobs.size() - MOST), jobs.size());
  }

  private static SubmittedJob asJob(Attempt.Start attempt) {
    return SubmittedJob.foreign(
        attempt.scheduler(), attempt.stage(), attempt.jobId(), attempt.started());
  }
}
