package belay.cluster;

import belay.error.SchedulerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Asks schedulers for the states of jobs: one question for each scheduler, however many jobs, and
 * none where its commands are missing.
 */
public final class JobLookup {
  private static final Set<String> KNOWN = Set.of("slurm", "oar", "local");

  private final Duration timeout;
  private final Set<String> problems = new TreeSet<>();

  public JobLookup(Duration timeout) {
    this.timeout = timeout;
  }

  /** The states by job; a job whose scheduler cannot be asked is missing, see {@link #problems}. */
  public Map<SubmittedJob, JobState> states(List<SubmittedJob> jobs) {
    Map<SubmittedJob, JobState> all = new HashMap<>();
    Map<String, List<SubmittedJob>> bySchedulers =
        new LinkedHashSet<>(jobs).stream().collect(Collectors.groupingBy(SubmittedJob::scheduler));
    bySchedulers.forEach(
        (scheduler, some) -> {
          try {
            batch(scheduler).states(some).forEach(state -> all.put(state.submitted(), state));
          } catch (SchedulerException e) {
            problems.add(e.getMessage());
          }
        });
    return all;
  }

  /** Why some jobs have no state, a line each. */
  public List<String> problems() {
    return new ArrayList<>(problems);
  }

  BatchSystem batch(String scheduler) {
    if (!KNOWN.contains(scheduler)) {
      throw new SchedulerException("'" + scheduler + "' is no scheduler that belay knows");
    }
    return BatchSystem.of(scheduler, timeout);
  }
}
