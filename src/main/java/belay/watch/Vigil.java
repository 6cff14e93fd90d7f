package belay.watch;

import belay.checkpoint.RunDirectory;
import belay.checkpoint.RunOwner;
import belay.cluster.JobLookup;
import belay.cluster.JobState;
import belay.cluster.Remedy;
import belay.cluster.SubmittedJob;
import belay.error.StoppedException;
import belay.job.StopSignals;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Whether runs are still going to move: by a job that may begin or go on, or by a process that has
 * them. Reads a few small files at each look, and asks schedulers, beside that, ever more rarely. A
 * scheduler that does not answer has not said that a job is over.
 */
public final class Vigil implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("belay.cluster");
  private static final Duration FIRST = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofSeconds(60);

  /** OAR starts a job again under another id, and between the two there is none. */
  private static final int QUIET_ANSWERS_OF_OAR = 2;

  private final List<Path> runs;
  private final Duration timeout;
  private final ExecutorService asker = Executors.newSingleThreadExecutor();
  private final Map<SubmittedJob, JobState> known = new HashMap<>();
  private final Set<String> told = new HashSet<>();
  private Future<Map<SubmittedJob, JobState>> question;
  private long asked;
  private Duration pause = Duration.ZERO;
  private int quietAnswers;
  private boolean wasOwned;
  private volatile boolean isSilenceTold;

  /**
   * @param runs existing run directories
   * @param timeout of a question
   */
  public Vigil(List<Path> runs, Duration timeout) {
    this.runs = runs;
    this.timeout = timeout;
  }

  /**
   * @param states of the jobs that schedulers have told about
   */
  static boolean moves(
      boolean isOwned, List<SubmittedJob> jobs, Map<SubmittedJob, JobState> states) {
    return isOwned
        || jobs.stream()
            .filter(JobLookup::knows)
            .anyMatch(job -> states.getOrDefault(job, JobState.unknown(job)).isActive());
  }

  /** Between two looks; ends at once when this process is asked to stop. */
  public static void pause(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    try {
      while (System.nanoTime() < end) {
        heedStop();
        Thread.sleep(Math.max(1, Math.min(100, (end - System.nanoTime()) / 1_000_000)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoppedException("Interrupted; the runs go on");
    }
  }

  /**
   * @throws StoppedException if this process was asked to stop
   */
  static void heedStop() {
    if (StopSignals.requested()) {
      throw new StoppedException(
          "Stopped by " + StopSignals.reason().orElse("request") + "; the runs go on");
    }
  }

  /** Looks once: whether no run is going to move any more. */
  public boolean isOver() {
    // First: a job that ends has recorded before who takes its place.
    Map<SubmittedJob, JobState> answer = takeAnswer();
    List<SubmittedJob> jobs = new ArrayList<>();
    runs.forEach(run -> jobs.addAll(RunJobs.of(RunDirectory.at(run))));
    List<SubmittedJob> remote =
        jobs.stream().filter(JobLookup::knows).filter(job -> !isLocal(job)).toList();
    known.putAll(states(jobs.stream().filter(Vigil::isLocal).toList()));
    boolean isOwned =
        runs.stream().anyMatch(run -> RunOwner.of(run).map(RunOwner::lives).orElse(false));
    if (wasOwned && !isOwned) {
      pause = FIRST; // something has ended
    }
    wasOwned = isOwned;
    boolean isQuiet = !moves(isOwned, jobs, known);
    boolean isToldOfAll = !answer.isEmpty() && answer.keySet().containsAll(remote);
    quietAnswers = isQuiet ? quietAnswers + (isToldOfAll ? 1 : 0) : 0;
    ask(remote);
    return isQuiet && (remote.isEmpty() || quietAnswers >= needed(remote));
  }

  private static int needed(List<SubmittedJob> jobs) {
    return jobs.stream().anyMatch(job -> job.scheduler().equals("oar")) ? QUIET_ANSWERS_OF_OAR : 1;
  }

  private static boolean isLocal(SubmittedJob job) {
    return job.scheduler().equals("local");
  }

  /** What schedulers have told since the last look. */
  private Map<SubmittedJob, JobState> takeAnswer() {
    if (question == null || !question.isDone()) {
      return Map.of();
    }
    try {
      Map<SubmittedJob, JobState> answer = question.get();
      answer.values().forEach(this::tellRemedy);
      known.putAll(answer);
      return answer;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      throw new AssertionError(e); // it is done
    } finally {
      question = null;
    }
  }

  /** Of a job that would be waited for in vain. */
  private void tellRemedy(JobState job) {
    Remedy.of(job)
        .map(remedy -> "Job " + job.job() + ": " + remedy)
        .filter(told::add)
        .ifPresent(line -> LOG.log(System.Logger.Level.WARNING, line));
  }

  private void ask(List<SubmittedJob> jobs) {
    boolean isDue = pause.isZero() || System.nanoTime() - asked >= pause.toNanos();
    if (jobs.isEmpty() || question != null || !isDue) {
      return;
    }
    asked = System.nanoTime();
    pause = pause.isZero() ? FIRST : shorter(pause.multipliedBy(3).dividedBy(2), LONGEST);
    question = asker.submit(() -> states(jobs));
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private Map<SubmittedJob, JobState> states(List<SubmittedJob> jobs) {
    JobLookup lookup = new JobLookup(timeout);
    Map<SubmittedJob, JobState> states = lookup.states(jobs);
    if (!lookup.problems().isEmpty() && !isSilenceTold) {
      isSilenceTold = true;
      String problems = String.join("; ", lookup.problems());
      LOG.log(System.Logger.Level.WARNING, "{0}; asks again, until it answers", problems);
    }
    return states;
  }

  /** Ends a command that has not answered. */
  @Override
  public void close() {
    asker.shutdownNow();
  }
}
