package belay.cluster;

import belay.error.ConfigurationException;
import belay.storage.AtomicFile;
import belay.storage.DiskProblem;
import belay.storage.PlainFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * Stages of runs, one after the other, as jobs.
 *
 * @param stages in order; each waits for the one before
 * @param runs the run directories, absolute
 */
public record Submission(
    BatchSystem batch, List<String> stages, List<Path> runs, JobTerms terms, JobBody body) {

  /** Hears of each job. */
  public interface Listener {
    /**
     * @param run that the job works on
     */
    void submitted(Path run, SubmittedJob job);
  }

  /** A script and where it lies. */
  public record Written(Path file, String text) {}

  /** The scripts as they would be written; asks the scheduler for its limits alone. */
  public List<Written> preview() {
    List<Written> all = new ArrayList<>();
    for (List<Path> part : parts()) {
      for (JobScript script : scripts(part)) {
        all.add(new Written(file(script), batch.text(script)));
      }
    }
    return all;
  }

  /** Writes the scripts, submits them, and records each job in its run. */
  public void submit(Listener listener) {
    preview(); // all or nothing: what cannot be written is refused before the first job
    for (List<Path> part : parts()) {
      List<SubmittedJob> before = List.of();
      for (String stage : stages) {
        before = submit(stage, part, before, listener);
      }
    }
  }

  private List<SubmittedJob> submit(
      String stage, List<Path> part, List<SubmittedJob> before, Listener listener) {
    if (before.isEmpty() || part.size() == 1 || batch.arraysDepend()) {
      return submit(new JobScript(stage, part, terms, body), before, listener);
    }
    List<SubmittedJob> jobs = new ArrayList<>();
    for (int run = 0; run < part.size(); run++) {
      JobScript script = new JobScript(stage, List.of(part.get(run)), terms, body);
      jobs.addAll(submit(script, List.of(before.get(run)), listener));
    }
    return jobs;
  }

  private List<SubmittedJob> submit(
      JobScript script, List<SubmittedJob> before, Listener listener) {
    Path file = write(script);
    List<SubmittedJob> jobs = batch.submit(script, file, before);
    for (int run = 0; run < jobs.size(); run++) {
      Path directory = script.runs().get(run);
      new SubmittedJobs(directory).add(jobs.get(run));
      listener.submitted(directory, jobs.get(run));
    }
    return jobs;
  }

  /** As {@link #submit} would make them. */
  private List<JobScript> scripts(List<Path> part) {
    List<JobScript> scripts = new ArrayList<>();
    for (String stage : stages) {
      if (scripts.isEmpty() || batch.arraysDepend()) {
        scripts.add(new JobScript(stage, part, terms, body));
      } else {
        part.forEach(run -> scripts.add(new JobScript(stage, List.of(run), terms, body)));
      }
    }
    return scripts;
  }

  private List<List<Path>> parts() {
    int most = runs.size() > 1 ? Math.max(1, batch.largestArray()) : 1;
    List<List<Path>> parts = new ArrayList<>();
    for (int from = 0; from < runs.size(); from += most) {
      parts.add(runs.subList(from, Math.min(runs.size(), from + most)));
    }
    return parts;
  }

  private Path file(JobScript script) {
    return script.directory().resolve(batch.fileName(script));
  }

  private Path write(JobScript script) {
    Path file = file(script);
    try {
      for (Path run : script.runs()) {
        PlainFile.directory(run.resolve("jobs"));
        PlainFile.directory(run.resolve("logs")); // where the scheduler opens the job's log
      }
      program(script.directory().resolve(JobScript.ATTEMPT), attempt());
      program(file, batch.text(script));
      return file;
    } catch (IOException e) {
      throw DiskProblem.of("write", file, e);
    }
  }

  /**
   * Readable for others, and executable, which OAR asks for; from its first moment, since a job may
   * begin while the next one's script is being written.
   */
  private static void program(Path file, String text) throws IOException {
    AtomicFile.create(file).close();
    Path partial = AtomicFile.partial(file);
    Files.writeString(partial, text);
    Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("rwxr-xr-x"));
    AtomicFile.publish(file);
  }

  /** The job body of this jar: the jobs keep it even when the jar's neighbours change. */
  private static String attempt() throws IOException {
    try (InputStream in = Submission.class.getResourceAsStream("/jobs/" + JobScript.ATTEMPT)) {
      if (in == null) {
        throw new ConfigurationException("This jar was built without jobs/" + JobScript.ATTEMPT);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
