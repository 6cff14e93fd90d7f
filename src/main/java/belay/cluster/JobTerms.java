package belay.cluster;

import java.time.Duration;

/**
 * What is asked of the scheduler for each job of a submission. Texts are single words without
 * quotes or spaces, as the configuration's rules see to, but for {@code properties}.
 *
 * @param account Slurm's account or OAR's project; empty for none
 * @param partition Slurm's; empty for the default
 * @param qos Slurm's; empty for the default
 * @param gres Slurm's; empty for none
 * @param constraint Slurm's; empty for none
 * @param properties OAR's condition on nodes; empty for none
 * @param resources OAR's, without the walltime: "/nodes=1/gpu=1"
 * @param besteffort whether the job may be preempted
 * @param warningSeconds before the end at which the job hears a signal; 0 for none
 * @param cpus of a job, on Slurm
 * @param memoryMib of a job, on Slurm; 0 for the site's default
 * @param together jobs of an array that run at once; 0 for any number
 * @param request what the user asks for besides
 */
public record JobTerms(
    String account,
    String partition,
    String qos,
    String gres,
    String constraint,
    String properties,
    String resources,
    boolean besteffort,
    int warningSeconds,
    Duration walltime,
    int cpus,
    int memoryMib,
    int together,
    JobRequest request) {

  /** Hours, minutes and seconds, which Slurm and OAR both read: "36:00:00". */
  String limit() {
    return "%d:%02d:%02d"
        .formatted(walltime.toHours(), walltime.toMinutesPart(), walltime.toSecondsPart());
  }
}
