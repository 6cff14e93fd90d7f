package belay.cluster;

import java.util.List;

/**
 * What a user asks of the scheduler beyond a place to run.
 *
 * @param exclude nodes to keep away from, names separated by commas; empty for none
 * @param reservation Slurm's; empty for none
 * @param mailUser who is told; empty for the scheduler's default
 * @param mailTypes of what, in Slurm's words; none for the scheduler's default
 * @param begin not to start before, in the scheduler's words; empty for at once
 * @param dependency what to wait for, in Slurm's words; empty for nothing
 * @param options more, in the scheduler's own words
 */
public record JobRequest(
    String exclude,
    String reservation,
    String mailUser,
    List<String> mailTypes,
    String begin,
    String dependency,
    List<String> options) {
  /** Nothing. */
  public static final JobRequest NONE = new JobRequest("", "", "", List.of(), "", "", List.of());
}
