package belay.cluster;

import belay.error.ConfigurationException;
import belay.job.SchedulerCommand;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * A scheduler's commands. All of them throw {@link belay.error.SchedulerException}, with the
 * scheduler's words, if a command is missing, refuses, or gives no answer.
 */
public sealed interface BatchSystem permits SlurmBatch, OarBatch, LocalBatch {
  /**
   * @param name slurm, oar, local, or auto for the one whose commands are there
   * @param timeout of a command
   * @throws ConfigurationException for auto if no scheduler is there
   */
  static BatchSystem of(String name, Duration timeout) {
    return switch (name) {
      case "slurm" -> new SlurmBatch(timeout);
      case "oar" -> new OarBatch(timeout);
      case "local" -> new LocalBatch(System.getenv(), timeout);
      default -> found(timeout);
    };
  }

  private static BatchSystem found(Duration timeout) {
    if (SchedulerCommand.exists("sbatch")) {
      return new SlurmBatch(timeout);
    }
    if (SchedulerCommand.exists("oarsub")) {
      return new OarBatch(timeout);
    }
    throw new ConfigurationException(
        "Neither sbatch nor oarsub is on the PATH: run this on a login node of the cluster, or"
            + " name the scheduler with --site or --set cluster.scheduler=slurm, or run it here with"
            + " --local");
  }

  /** "slurm", "oar" or "local", as jobs' records say. */
  String name();

  /** "train.sbatch", "train-array.oar.sh". */
  String fileName(JobScript script);

  /**
   * Looks at what a user asks for.
   *
   * @throws ConfigurationException if the scheduler does not know it, or would not keep it
   */
  void check(JobTerms terms);

  /**
   * The text of the script, in bash.
   *
   * @throws ConfigurationException if the scheduler cannot be given a name or path that it holds
   */
  String text(JobScript script);

  /** Runs that one array may hold. */
  int largestArray();

  /** Whether each task of an array can wait for the same task of another. */
  default boolean arraysDepend() {
    return false;
  }

  /** Whether an array can be told how many of its jobs may run at once. */
  default boolean arraysAreCapped() {
    return false;
  }

  /**
   * Submits a script.
   *
   * @param file the script, with {@link #text} in it, executable
   * @param start what it waits for
   * @return a job for each run, in order
   */
  List<SubmittedJob> submit(JobScript script, Path file, JobStart start);

  /** What the scheduler says of a script without taking it; empty where it cannot be asked. */
  default String opinion(JobScript script) {
    return "";
  }

  /** This user's jobs that may still begin or go on. */
  List<QueuedJob> queued();

  /** Where each job stands, in order. */
  List<JobState> states(List<SubmittedJob> jobs);

  /** Ends the jobs; those that have ended do no harm. Does not wait for their end. */
  void cancel(Collection<JobState> jobs);
}
