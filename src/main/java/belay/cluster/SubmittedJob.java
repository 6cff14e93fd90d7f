package belay.cluster;

import java.time.Instant;

/**
 * A job that was given to a scheduler: a line of RUN/jobs/submitted.jsonl.
 *
 * @param scheduler slurm or oar
 * @param stage that it works on
 * @param job the id, "4711", or of an array's task, "4711_3" on Slurm; OAR gives a new one to a job
 *     that comes back
 * @param array id of the array, which stays; every OAR job has one; null for a single job of Slurm
 * @param index in the array; null for a single job of Slurm
 * @param after id of the job that must be complete before; null for none
 * @param user who submitted it; null for a successor
 * @param script file of the job; null for a successor
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
    Instant submitted) {

  /** Whether a job submitted it in its own place: nobody has asked for a new start. */
  public boolean isSuccessor() {
    return script == null;
  }
}
