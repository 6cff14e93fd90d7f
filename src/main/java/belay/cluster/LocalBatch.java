package belay.cluster;

import belay.error.SchedulerException;
import belay.storage.DiskProblem;
import belay.storage.PlainFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * No scheduler: a job is a process of this machine, jobs/local.sh, that outlives who submitted it
 * and starts its script again until the stage is complete.
 *
 * @param environment of this process, which jobs inherit
 * @param timeout until a job must have begun
 */
record LocalBatch(Map<String, String> environment, Duration timeout) implements BatchSystem {
  private static final Duration LOOK = Duration.ofMillis(20);

  @Override
  public String name() {
    return "local";
  }

  @Override
  public String fileName(JobScript script) {
    return script.stage() + ".local.sh";
  }

  @Override
  public void check(JobTerms terms) {
    // What is asked of a scheduler is nobody's here.
  }

  @Override
  public String text(JobScript script) {
    return script.text(List.of(), "0");
  }

  @Override
  public int largestArray() {
    return 1;
  }

  @Override
  public List<SubmittedJob> submit(JobScript script, Path file, JobStart start) {
    String id = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    LocalJobs jobs = LocalJobs.make(environment);
    Path run = script.runs().get(0).directory();
    Path log = script.runs().get(0).place().log(script.stage());
    List<String> words = new ArrayList<>(List.of("setsid", "bash"));
    words.add(script.body().attempt().resolveSibling(JobBody.SUPERVISOR).toString());
    words.addAll(List.of(id, jobs.file(id).toString(), file.toString(), run.toString()));
    start.ended().forEach(job -> words.add(jobs.file(job.job()).toString()));
    begin(new ProcessBuilder(words).directory(script.body().directory().toFile()), log);
    await(jobs, id, log);
    return List.of(SubmittedJob.of(name(), script, 0, file, start, id, null, null));
  }

  private static void begin(ProcessBuilder job, Path log) {
    try {
      PlainFile.requireFit(log); // a pipe would keep us waiting for its reader
    } catch (IOException e) {
      throw DiskProblem.of("write", log, e);
    }
    try {
      job.redirectInput(Path.of("/dev/null").toFile())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
          .start();
    } catch (IOException e) {
      throw new SchedulerException("Cannot start a process of its own: " + e.getMessage());
    }
  }

  /** Until the job says that it is there. */
  private void await(LocalJobs jobs, String id, Path log) {
    Instant deadline = Instant.now().plus(timeout);
    while (jobs.read(id).isEmpty()) {
      if (Instant.now().isAfter(deadline)) {
        throw new SchedulerException("The job's process does not begin, see " + log);
      }
      Pause.of(LOOK);
    }
  }

  @Override
  public List<JobState> states(List<SubmittedJob> submitted) {
    LocalJobs jobs = LocalJobs.of(environment);
    return submitted.stream()
        .map(
            job ->
                jobs.read(job.job())
                    .map(local -> local.state(job))
                    .orElseGet(() -> JobState.ended(job)))
        .toList();
  }

  @Override
  public List<QueuedJob> queued() {
    return List.of(); // none but those that belay has recorded
  }

  @Override
  public void cancel(Collection<JobState> states) {
    LocalJobs jobs = LocalJobs.of(environment);
    for (JobState state : states) {
      jobs.read(state.job()).ifPresent(job -> cancel(state, job));
    }
  }

  private static void cancel(JobState state, LocalJob job) {
    if (!job.isHere()) {
      throw new SchedulerException(
          "Job %s runs on %s: cancel it there".formatted(state.job(), job.host()));
    }
    if (job.lives()) {
      ProcessHandle.of(job.pid()).ifPresent(ProcessHandle::destroy); // TERM
    }
  }
}
