package belay.cluster;

import belay.error.SchedulerException;
import belay.json.Json;
import belay.storage.DiskProblem;
import belay.storage.Ownership;
import belay.storage.PlainFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A file for each job that is a process, by which it tells how it is. In a directory of the user's
 * own, and not in the run's: what it says is sent signals.
 */
record LocalJobs(Path directory) {
  static LocalJobs of(Map<String, String> environment) {
    return new LocalJobs(JobPlace.stateHome(environment).resolve("belay/local"));
  }

  /**
   * The same, with its directory.
   *
   * @throws belay.error.ConfigurationException if others could write there
   */
  static LocalJobs make(Map<String, String> environment) {
    LocalJobs jobs = of(environment);
    try {
      JobPlace.makePrivate(jobs.directory);
      return jobs;
    } catch (IOException e) {
      throw DiskProblem.of("make", jobs.directory, e);
    }
  }

  Path file(String id) {
    return directory.resolve(id + ".json");
  }

  /**
   * Empty for a job of another user, or one that is long forgotten.
   *
   * @throws SchedulerException if the file cannot be read
   */
  Optional<LocalJob> read(String id) {
    Path file = file(id);
    try {
      return Ownership.isOwnFile(file)
          ? Optional.ofNullable(Json.read(PlainFile.textOwn(file), LocalJob.class))
              .filter(job -> job.word() != null && job.host() != null)
          : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      throw new SchedulerException("Cannot tell how job " + id + " is: " + e.getMessage());
    }
  }
}
