package belay.cluster;

/**
 * What the scheduler says about a job.
 *
 * @param job its present id
 * @param word the scheduler's own, in lower case: "pending", "running"; "ended" where it no longer
 *     knows the job, "unknown" where it gave no answer
 * @param reason why it waits or how it ended; may be empty
 */
public record JobState(SubmittedJob submitted, String job, String word, String reason) {
  /** Of a job that was submitted a moment ago. */
  static JobState fresh(SubmittedJob job) {
    return new JobState(job, job.job(), "submitted", "");
  }

  static JobState ended(SubmittedJob job) {
    return new JobState(job, job.job(), "ended", "");
  }

  /** Of a job of which its scheduler says nothing at this moment. */
  public static JobState unknown(SubmittedJob job) {
    return new JobState(job, job.job(), "unknown", "");
  }

  /** Whether the job may still begin or go on. */
  public boolean isActive() {
    return switch (word) {
      case "ended",
          "completed",
          "cancelled",
          "failed",
          "timeout",
          "node_fail",
          "out_of_memory",
          "boot_fail",
          "deadline",
          "revoked",
          "preempted",
          "terminated",
          "error" ->
          false;
      default -> true;
    };
  }
}
