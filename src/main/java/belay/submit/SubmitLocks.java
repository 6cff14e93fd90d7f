package belay.submit;

import belay.checkpoint.RunLease;
import belay.error.BusyException;
import belay.job.StopSignals;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;

/**
 * The right to submit jobs of runs: from the look at their jobs until the new ones are recorded, or
 * two that submit at once would both find none. It is a lease, as that of a run, in RUN/jobs.
 */
public final class SubmitLocks {
  private final Deque<RunLease> leases = new ArrayDeque<>();

  private SubmitLocks() {}

  /**
   * Works while nobody else submits these runs.
   *
   * @param runs whose directories have jobs
   * @throws BusyException if another submit is at work on one
   */
  public static void hold(Collection<Path> runs, RunLease.Timing timing, Runnable work) {
    SubmitLocks locks = new SubmitLocks();
    try {
      runs.forEach(run -> locks.take(run, timing));
      work.run();
    } finally {
      locks.leases.forEach(RunLease::close);
    }
  }

  private void take(Path run, RunLease.Timing timing) {
    try {
      leases.push(RunLease.acquire(run.resolve("jobs"), "submit", timing, StopSignals::requested));
    } catch (BusyException e) {
      throw new BusyException("Somebody submits " + run + " right now: " + e.getMessage());
    }
  }
}
