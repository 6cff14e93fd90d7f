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
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * Asks schedulers for the states of jobs: one question for each scheduler, all at once, however
 * many jobs, and none where its commands are missing.
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
    Map<String, List<SubmittedJob>> bySchedulers =
        new LinkedHashSet<>(jobs).stream().collect(Collectors.groupingBy(SubmittedJob::scheduler));
    List<Callable<List<JobState>>> questions = new ArrayList<>();
    bySchedulers.forEach((scheduler, some) -> questions.add(() -> batch(scheduler).states(some)));
    Map<SubmittedJob, JobState> all = new HashMap<>();
    answers(questions).forEach(state -> all.put(state.submitted(), state));
    return all;
  }

  private List<JobState> answers(List<Callable<List<JobState>>> questions) {
    ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, questions.size()));
    try {
      List<JobState> all = new ArrayList<>();
      for (Future<List<JobState>> answer : threads.invokeAll(questions)) {
        all.addAll(answer(answer));
      }
      return all;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SchedulerException("Interrupted while waiting for schedulers");
    } finally {
      threads.shutdownNow();
    }
  }

  private List<JobState> answer(Future<List<JobState>> answer) throws InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SchedulerException silent) {
        problems.add(silent.getMessage());
        return List.of();
      }
      throw e.getCause() instanceof RuntimeException ours
          ? ours
          : new IllegalStateException(e.getCause());
    }
  }

  /** Why some jobs have no state, a line each. */
  public List<String> problems() {
    return new ArrayList<>(problems);
  }

  /** Whether a job's scheduler is one that could ever tell about it. */
  public static boolean knows(SubmittedJob job) {
    return KNOWN.contains(job.scheduler());
  }

  BatchSystem batch(String scheduler) {
    if (!KNOWN.contains(scheduler)) {
      throw new SchedulerException("'" + scheduler + "' is no scheduler that belay knows");
    }
    return BatchSystem.of(scheduler, timeout);
  }
}
