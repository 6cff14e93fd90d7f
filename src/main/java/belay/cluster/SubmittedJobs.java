package belay.cluster;

import belay.json.Json;
import belay.json.JsonLines;
import belay.storage.DiskProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * The jobs that belay submit has given to a scheduler for one run, and those that attempt.sh has
 * submitted in place of its own: RUN/jobs/submitted.jsonl.
 */
public final class SubmittedJobs {
  private final Path file;

  public SubmittedJobs(Path run) {
    file = run.resolve("jobs/submitted.jsonl");
  }

  /**
   * Oldest first; none if nothing was submitted.
   *
   * @throws belay.error.DataException if the file cannot be read
   */
  public List<SubmittedJob> read() {
    try {
      return new JsonLines<>(file, SubmittedJob.class)
          .read().stream().filter(SubmittedJob::isWhole).toList();
    } catch (IOException e) {
      throw DiskProblem.of("read", file, e);
    }
  }

  public Path file() {
    return file;
  }

  /** Whether a line of the file tells of a job. */
  public static boolean isJob(String line) {
    try {
      SubmittedJob job = Json.read(line, SubmittedJob.class);
      return job != null && job.isWhole();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** When somebody submitted the run last; the beginning of time if nobody did. */
  public Instant lastRequest() {
    return read().stream()
        .filter(job -> !job.isSuccessor())
        .map(SubmittedJob::submitted)
        .max(Comparator.naturalOrder())
        .orElse(Instant.EPOCH);
  }

  /**
   * @throws belay.error.DataException if the file cannot be written
   */
  public void add(SubmittedJob job) {
    try {
      new JsonLines<>(file, SubmittedJob.class).append(job);
    } catch (IOException e) {
      throw DiskProblem.of("write", file, e);
    }
  }
}
