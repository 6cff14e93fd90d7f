package belay.checkpoint;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** One process that worked on a run: how it began and, if it could still say so, how it ended. */
public record Attempt(Start start, Optional<End> end) {
  /** Why an attempt ended that was killed. */
  public static final String SILENT = "ended without a word";

  /** What a start's scheduler says outside a job. */
  static final String NO_SCHEDULER = "none";

  private static final Set<String> UNSHARED = Set.of(NO_SCHEDULER, "local");

  /**
   * The line written when an attempt begins.
   *
   * @param attempt number in this run, from 1
   * @param stage "train", "extract", "classify", or "pipeline" for all of them
   * @param host that it runs on
   * @param scheduler "slurm", "oar", "local" for jobs/local.sh, or "none"
   * @param jobId the scheduler's, null outside a job
   * @param restarts how often Slurm had requeued the job by then; 0 elsewhere
   * @param gpus that the job was given, as the scheduler says, or that it may use by hand; null
   *     where nobody says
   * @param version of the jar
   */
  public record Start(
      int attempt,
      String stage,
      Instant started,
      String host,
      long pid,
      String scheduler,
      String jobId,
      int restarts,
      String gpus,
      String version) {
    public Start {
      Objects.requireNonNull(stage, "stage");
      Objects.requireNonNull(started, "started");
      host = Objects.requireNonNullElse(host, "");
      scheduler = Objects.requireNonNullElse(scheduler, NO_SCHEDULER);
      version = Objects.requireNonNullElse(version, "");
      if (attempt < 0 || attempt > RunStatus.MOST_ATTEMPTS) {
        throw new IllegalArgumentException("no attempt has the number " + attempt);
      }
    }

    /** Whether a scheduler shared out what the attempt had: none does on a machine of one's own. */
    public boolean isScheduled() {
      return !UNSHARED.contains(scheduler);
    }

    /** The time, if it was in this attempt; else null. */
    Instant ifLater(Instant time) {
      return time == null || time.isBefore(started) ? null : time;
    }

    Start numbered(int attempt) {
      return new Start(
          attempt, stage, started, host, pid, scheduler, jobId, restarts, gpus, version);
    }
  }

  /**
   * The line written when an attempt ends.
   *
   * @param ended when; for an attempt that ended without a word, when it was last heard of
   * @param exitCode of the process; null where it could not tell any more
   * @param reason one line: "done", "signal TERM", "walltime", an error's message
   * @param epoch finished epochs by then
   * @param step optimiser steps by then
   * @param saved when this attempt last wrote a checkpoint; null if it wrote none
   * @param gpuSeconds in which it computed on a GPU; null where it could not tell any more
   */
  public record End(
      int attempt,
      Instant ended,
      Integer exitCode,
      String reason,
      int epoch,
      long step,
      Instant saved,
      Double gpuSeconds) {
    public End {
      Objects.requireNonNull(ended, "ended");
      reason = Objects.requireNonNullElse(reason, "");
    }

    /** The same at another time. */
    End at(Instant time) {
      return new End(attempt, time, exitCode, reason, epoch, step, saved, gpuSeconds);
    }
  }
}
