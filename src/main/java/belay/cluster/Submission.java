package belay.cluster;

import belay.error.BelayException;
import belay.error.SchedulerException;
import belay.log.Secrets;
import belay.storage.DiskProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Stages of runs, one after the other, as jobs.
 *
 * @param stages in order; each waits for the one before. One alone where jobs are capped
 */
public record Submission(
    BatchSystem batch, List<String> stages, List<JobRun> runs, JobTerms terms, JobBody body) {

  /** Hears of each job. */
  public interface Listener {
    /**
     * @param run that the job works on
     */
    void submitted(Path run, SubmittedJob job);
  }

  /** A script and where it lies. */
  public record Written(JobScript script, Path file, String text) {}

  public Submission {
    if (terms.together() > 0 && stages.size() > 1) {
      throw new IllegalArgumentException("jobs of several stages would not be counted together");
    }
  }

  /** The scripts as they would be written; asks the scheduler for its limits alone. */
  public List<Written> preview() {
    List<Written> all = new ArrayList<>();
    for (List<JobRun> part : parts()) {
      for (JobScript script : scripts(part)) {
        all.add(new Written(script, file(script), batch.text(script)));
      }
    }
    return all;
  }

  /**
   * Writes the scripts, submits them, and records each job in its run. All or nothing: where one is
   * refused, those before it are cancelled.
   */
  public void submit(Listener listener) {
    preview(); // what cannot be written is refused before the first job
    List<SubmittedJob> taken = new ArrayList<>();
    try {
      if (terms.together() > 0) {
        submitCapped(taken, listener);
      } else {
        submitStages(taken, listener);
      }
    } catch (BelayException e) {
      throw taken.isEmpty() ? e : undone(e, taken);
    }
  }

  private SchedulerException undone(BelayException problem, List<SubmittedJob> taken) {
    List<JobState> states = new ArrayList<>(taken.stream().map(JobState::fresh).toList());
    Collections.reverse(states);
    String rest = "Nothing is left of this submission: its %d jobs before that were cancelled";
    try {
      batch.cancel(states);
    } catch (SchedulerException e) {
      rest = "Its %d jobs before that are there, cancel them with belay cancel";
    }
    return new SchedulerException(problem.getMessage() + ". " + rest.formatted(taken.size()));
  }

  private void submitStages(List<SubmittedJob> taken, Listener listener) {
    for (List<JobRun> part : parts()) {
      List<SubmittedJob> before = List.of();
      for (String stage : stages) {
        before = submit(stage, part, before, taken, listener);
      }
    }
  }

  private List<SubmittedJob> submit(
      String stage,
      List<JobRun> part,
      List<SubmittedJob> before,
      List<SubmittedJob> taken,
      Listener listener) {
    if (before.isEmpty()) {
      return submit(script(stage, part), JobStart.first(terms.request()), taken, listener);
    }
    if (part.size() == 1 || batch.arraysDepend()) {
      return submit(script(stage, part), JobStart.afterSuccess(before), taken, listener);
    }
    List<SubmittedJob> jobs = new ArrayList<>();
    for (int run = 0; run < part.size(); run++) {
      JobStart start = JobStart.afterSuccess(List.of(before.get(run)));
      jobs.addAll(submit(script(stage, List.of(part.get(run))), start, taken, listener));
    }
    return jobs;
  }

  /** Arrays one after the other, each with a cap; without caps, as many chains of single jobs. */
  private void submitCapped(List<SubmittedJob> taken, Listener listener) {
    int lanes = batch.arraysAreCapped() ? 1 : terms.together();
    List<List<SubmittedJob>> all = new ArrayList<>();
    for (List<JobRun> part : parts()) {
      JobStart start =
          all.size() < lanes
              ? JobStart.first(terms.request())
              : JobStart.afterEnd(all.get(all.size() - lanes));
      all.add(submit(script(stages.get(0), part), start, taken, listener));
    }
  }

  private List<SubmittedJob> submit(
      JobScript script, JobStart start, List<SubmittedJob> taken, Listener listener) {
    Path file = write(script);
    List<SubmittedJob> jobs = batch.submit(script, file, start);
    taken.addAll(jobs);
    for (int run = 0; run < jobs.size(); run++) {
      Path directory = script.runs().get(run).directory();
      new SubmittedJobs(directory).add(jobs.get(run));
      listener.submitted(directory, jobs.get(run));
    }
    return jobs;
  }

  /** As {@link #submit} would make them. */
  private List<JobScript> scripts(List<JobRun> part) {
    List<JobScript> scripts = new ArrayList<>();
    for (String stage : stages) {
      if (scripts.isEmpty() || batch.arraysDepend()) {
        scripts.add(script(stage, part));
      } else {
        part.forEach(run -> scripts.add(script(stage, List.of(run))));
      }
    }
    return scripts;
  }

  private JobScript script(String stage, List<JobRun> some) {
    return new JobScript(stage, some, terms, body);
  }

  private List<List<JobRun>> parts() {
    int most = runs.size() > 1 ? largestPart() : 1;
    List<List<JobRun>> parts = new ArrayList<>();
    for (int from = 0; from < runs.size(); from += most) {
      parts.add(runs.subList(from, Math.min(runs.size(), from + most)));
    }
    return parts;
  }

  private int largestPart() {
    boolean isSingle = terms.together() > 0 && !batch.arraysAreCapped();
    return isSingle ? 1 : Math.max(1, batch.largestArray());
  }

  private Path file(JobScript script) {
    return script.directory().resolve(batch.fileName(script));
  }

  /**
   * Executable, which OAR asks for; from its first moment, since a job may begin while the next
   * one's script is being written. Readable for others, unless an address in it has a password.
   */
  private Path write(JobScript script) {
    Path file = file(script);
    String text = batch.text(script);
    boolean isSecret = !Secrets.hide(text).equals(text);
    try {
      ProgramFile.write(file, text, isSecret);
      return file;
    } catch (IOException e) {
      throw DiskProblem.of("write", file, e);
    }
  }
}
