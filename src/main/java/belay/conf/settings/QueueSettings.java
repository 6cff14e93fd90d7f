package belay.conf.settings;

/**
 * Where jobs wait, and who pays.
 *
 * @param account Slurm's account or OAR's project; empty for none
 * @param accountRequired whether the site refuses jobs without one
 * @param partition Slurm; empty for the default
 * @param besteffortPartition Slurm; empty for the same
 * @param qos Slurm; empty for the default
 * @param besteffortQos Slurm; empty for the default
 * @param properties OAR's condition on nodes; empty for none
 * @param besteffort whether jobs may be preempted
 * @param besteffortWarning whether OAR is asked to signal best-effort jobs before it kills them
 */
public record QueueSettings(
    String account,
    boolean accountRequired,
    String partition,
    String besteffortPartition,
    String qos,
    String besteffortQos,
    String properties,
    boolean besteffort,
    boolean besteffortWarning) {
  static QueueSettings of(Values values) {
    return new QueueSettings(
        values.get(Keys.CLUSTER_ACCOUNT),
        values.get(Keys.CLUSTER_ACCOUNT_REQUIRED),
        values.get(Keys.CLUSTER_PARTITION),
        values.get(Keys.CLUSTER_BESTEFFORT_PARTITION),
        values.get(Keys.CLUSTER_QOS),
        values.get(Keys.CLUSTER_BESTEFFORT_QOS),
        values.get(Keys.CLUSTER_PROPERTIES),
        values.get(Keys.CLUSTER_BESTEFFORT),
        values.get(Keys.CLUSTER_BESTEFFORT_WARNING));
  }
}
