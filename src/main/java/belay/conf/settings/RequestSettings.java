package belay.conf.settings;

import java.util.List;

/**
 * What else is asked of the scheduler for every job.
 *
 * @param constraint Slurm's features of nodes; empty for any
 * @param exclude nodes to keep away from, names separated by commas; empty for none
 * @param reservation Slurm's; empty for none
 * @param mailUser who is told of jobs; empty for the scheduler's default
 * @param mailType of what, in Slurm's words; none for the scheduler's default
 * @param options more options in the scheduler's own words
 * @param together runs of a list that are at work at once; 0 for any number
 */
public record RequestSettings(
    String constraint,
    String exclude,
    String reservation,
    String mailUser,
    List<String> mailType,
    List<String> options,
    int together) {
  static RequestSettings of(Values values) {
    return new RequestSettings(
        values.get(Keys.CLUSTER_CONSTRAINT),
        values.get(Keys.CLUSTER_EXCLUDE),
        values.get(Keys.CLUSTER_RESERVATION),
        values.get(Keys.CLUSTER_MAIL_USER),
        values.get(Keys.CLUSTER_MAIL_TYPE),
        values.get(Keys.CLUSTER_OPTIONS),
        values.get(Keys.CLUSTER_TOGETHER));
  }
}
