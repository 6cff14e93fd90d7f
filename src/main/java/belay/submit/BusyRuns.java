package belay.submit;

import belay.checkpoint.RunDirectory;
import belay.checkpoint.RunOwner;
import belay.cluster.BatchSystem;
import belay.cluster.JobLookup;
import belay.cluster.JobState;
import belay.cluster.QueuedJob;
import belay.cluster.SubmittedJob;
import belay.error.BusyException;
import belay.error.SchedulerException;
import belay.job.JobContext;
import belay.watch.RunJobs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Runs that somebody works on, or is about to: a second job would find them in use. Of a scheduler
 * that cannot be asked nothing is known; one of another cluster does not matter.
 */
public final class BusyRuns {
  private static final int SHOWN = 5;

  private final BatchSystem batch;
  private final Duration timeout;

  public BusyRuns(BatchSystem batch, Duration timeout) {
    this.batch = batch;
    this.timeout = timeout;
  }

  /**
   * @throws BusyException naming the runs and who has them
   */
  public void refuse(List<Path> runs) {
    Map<Path, List<SubmittedJob>> jobs = new LinkedHashMap<>();
    runs.forEach(run -> jobs.put(run, RunJobs.of(RunDirectory.at(run))));
    Map<SubmittedJob, JobState> states =
        new JobLookup(timeout).states(jobs.values().stream().flatMap(List::stream).toList());
    List<QueuedJob> queue = queue();
    List<String> reasons =
        runs.stream()
            .flatMap(
                run ->
                    recorded(run, jobs.get(run), states)
                        .or(() -> queued(run, queue))
                        .or(() -> owned(run))
                        .stream())
            .toList();
    if (!reasons.isEmpty()) {
      String rest = reasons.size() > SHOWN ? "; and " + (reasons.size() - SHOWN) + " more" : "";
      throw new BusyException(
          reasons.stream().limit(SHOWN).collect(Collectors.joining("; ", "", rest))
              + ". See belay status; belay cancel ends jobs");
    }
  }

  private static Optional<String> recorded(
      Path run, List<SubmittedJob> jobs, Map<SubmittedJob, JobState> states) {
    // An allocation that somebody works in by hand is no job that will work on the run.
    String own = JobContext.local().jobId().orElse("");
    return jobs.stream()
        .filter(job -> !job.job().equals(own))
        .map(states::get)
        .filter(Objects::nonNull)
        .filter(JobState::isActive)
        .findFirst()
        .map(
            state ->
                "%s has a job already: %s %s is %s"
                    .formatted(run, state.submitted().stage(), state.job(), state.word()));
  }

  /** Jobs that were submitted without belay, which have not begun. */
  private static Optional<String> queued(Path run, List<QueuedJob> queue) {
    Path real = real(run);
    return queue.stream()
        .filter(job -> job.names(run) || job.names(real))
        .findFirst()
        .map(
            job ->
                "%s has a job already: %s is %s (%s)"
                    .formatted(run, job.job(), job.word(), job.command()));
  }

  private static Optional<String> owned(Path run) {
    return RunOwner.of(run)
        .filter(RunOwner::lives)
        .map(owner -> run + " is in use by " + owner.description());
  }

  private List<QueuedJob> queue() {
    try {
      return batch.queued();
    } catch (SchedulerException e) {
      return List.of(); // it will say so itself when it is given the jobs
    }
  }

  private static Path real(Path run) {
    try {
      return run.toRealPath();
    } catch (IOException e) {
      return run;
    }
  }
}
