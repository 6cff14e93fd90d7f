package belay.cluster;

import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * A job that was given to a scheduler, or started as a process: a line of RUN/jobs/submitted.jsonl.
 *
 * @param scheduler slurm, oar or local
 * @param stage that it works on
 * @param job the id, "4711", or of an array's task, "4711_3" on Slurm; OAR gives a new one to a job
 *     that comes back
 * @param array id of the array, which stays; every OAR job has one; null for a single job of Slurm
 * @param index in the array; null for a single job of Slurm
 * @param after id of the job that it waits for; null for none
 * @param user who submitted it; null for a successor
 * @param script file of the job; null for a successor
 * @param jarSha256 digest of the program that it runs; null for a successor, and where the program
 *     was not pinned
 */
public record SubmittedJob(
    String scheduler,
    String stage,
    String job,
    String array,
    Integer index,
    String after,
    String user,
    String script,
    Instant submitted,
    String jarSha256) {
  private static final Pattern ID = Pattern.compile("[0-9a-f]+(_\\d+)?");
  private static final Pattern USER = Pattern.compile("[^\\s\\p{Cntrl}-][^\\s\\p{Cntrl}]*");

  /**
   * A job as a scheduler has taken it.
   *
   * @param run number of the run in the script
   */
  static SubmittedJob of(
      String scheduler,
      JobScript script,
      int run,
      Path file,
      JobStart start,
      String job,
      String array,
      Integer index) {
    return new SubmittedJob(
        scheduler,
        script.stage(),
        job,
        array,
        index,
        start.before(run),
        System.getProperty("user.name"),
        file.toString(),
        Instant.now(),
        script.body().jarSha256());
  }

  /** Of a job that belay did not submit. */
  public static SubmittedJob foreign(String scheduler, String stage, String job, Instant since) {
    String user = System.getProperty("user.name");
    return new SubmittedJob(scheduler, stage, job, null, null, null, user, null, since, null);
  }

  /**
   * Whether a line of a run directory, into which others may write, says what a scheduler's command
   * may be asked about.
   */
  boolean isWhole() {
    return scheduler != null
        && stage != null
        && submitted != null
        && job != null
        && ID.matcher(job).matches()
        && (user == null || USER.matcher(user).matches());
  }

  /** Whether a job submitted it in its own place: nobody has asked for a new start. */
  public boolean isSuccessor() {
    return script == null;
  }
}
