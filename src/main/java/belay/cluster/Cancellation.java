package belay.cluster;

import belay.error.SchedulerException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Ends jobs so that they stay ended: those that wait for others first, since OAR starts them after
 * any end; and again where a job has come back under a new id meanwhile.
 */
public final class Cancellation {
  private static final int QUIET_LOOKS = 2;
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  private final JobLookup lookup;
  private final Duration patience;
  private final Map<String, JobState> cancelled = new LinkedHashMap<>();

  /**
   * @param timeout of a command, and of the jobs' end
   */
  public Cancellation(Duration timeout) {
    lookup = new JobLookup(timeout);
    patience = timeout;
  }

  /**
   * @param jobs in the order of their submission
   * @return the jobs that were active, each once
   * @throws SchedulerException if a scheduler cannot be asked, or jobs do not end
   */
  public Collection<JobState> cancel(List<SubmittedJob> jobs) {
    Instant deadline = Instant.now().plus(patience);
    for (int quiet = 0; quiet < QUIET_LOOKS; ) {
      List<JobState> active = active(jobs);
      if (!active.isEmpty() && Instant.now().isAfter(deadline)) {
        throw new SchedulerException(
            "Still there after %d s: %s; look with belay status"
                .formatted(
                    patience.toSeconds(),
                    active.stream().map(JobState::job).collect(Collectors.joining(", "))));
      }
      cancelNew(active);
      if (cancelled.isEmpty()) {
        break; // there was nothing to end, and nothing can come back
      }
      quiet = active.isEmpty() ? quiet + 1 : 0;
      Pause.of(BETWEEN_LOOKS);
    }
    return cancelled.values();
  }

  private List<JobState> active(List<SubmittedJob> jobs) {
    Map<SubmittedJob, JobState> states = lookup.states(jobs);
    if (!lookup.problems().isEmpty()) {
      throw new SchedulerException(String.join("; ", lookup.problems()));
    }
    List<JobState> active =
        jobs.stream()
            .map(states::get)
            .filter(Objects::nonNull)
            .filter(JobState::isActive)
            .collect(Collectors.toCollection(ArrayList::new));
    Collections.reverse(active);
    return active;
  }

  private void cancelNew(List<JobState> active) {
    Map<String, List<JobState>> fresh =
        active.stream()
            .filter(state -> cancelled.putIfAbsent(state.job(), state) == null)
            .collect(Collectors.groupingBy(state -> state.submitted().scheduler()));
    fresh.forEach((scheduler, states) -> lookup.batch(scheduler).cancel(states));
  }
}
