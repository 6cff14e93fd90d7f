package belay.conf.settings;

/**
 * Jobs on a cluster.
 *
 * @param queue where jobs wait, and who pays
 * @param request what else is asked of the scheduler
 * @param resources what a job gets
 * @param job what a job prepares before it starts java
 * @param requeue how a job that was asked to stop comes back, on Slurm
 * @param earlySaveSeconds before the end of the time limit; 0 to wait for the scheduler's signals
 * @param maxAttempts in a row without progress, before the next one refuses
 * @param notice whom jobs tell of their final end: mail:ADDRESS, or a program and its arguments;
 *     may be empty
 * @param timeoutSeconds of a scheduler's command
 */
public record ClusterSettings(
    SchedulerName scheduler,
    QueueSettings queue,
    RequestSettings request,
    ResourceSettings resources,
    JobEnvironment job,
    Requeue requeue,
    int earlySaveSeconds,
    int maxAttempts,
    String notice,
    int timeoutSeconds) {

  /** Which scheduler. */
  public enum SchedulerName {
    /** The one whose commands are there. */
    AUTO,
    SLURM,
    OAR,
    /** None: processes of this machine. */
    LOCAL
  }

  /** How a job comes back. */
  public enum Requeue {
    /** By scontrol requeue. */
    REQUEUE,
    /** By the exit code, which the site's RequeueExit knows. */
    EXIT,
    /** By a new sbatch. */
    SBATCH,
    /** By hand. */
    NONE
  }

  static ClusterSettings of(Values values) {
    return new ClusterSettings(
        values.get(Keys.CLUSTER_SCHEDULER),
        QueueSettings.of(values),
        RequestSettings.of(values),
        ResourceSettings.of(values),
        JobEnvironment.of(values),
        values.get(Keys.CLUSTER_REQUEUE),
        values.get(Keys.CLUSTER_EARLY_SAVE_SECONDS),
        values.get(Keys.CLUSTER_MAX_ATTEMPTS),
        values.get(Keys.CLUSTER_NOTIFY),
        values.get(Keys.CLUSTER_TIMEOUT_SECONDS));
  }
}
