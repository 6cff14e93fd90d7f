package belay.checkpoint;

import java.time.Instant;
import java.util.Optional;

/** One process that worked on a run: how it began and, if it could still say so, how it ended. */
public record Attempt(Start start, Optional<End> end) {
  /**
   * The line written when an attempt begins.
   *
   * @param attempt number in this run, from 1
   * @param stage "train", "extract", "classify", or "pipeline" for all of them
   * @param host that it runs on
   * @param scheduler "slurm", "oar" or "none"
   * @param jobId the scheduler's, null outside a job
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
      String version) {
    Start numbered(int attempt) {
      return new Start(attempt, stage, started, host, pid, scheduler, jobId, version);
    }
  }

  /**
   * The line written when an attempt ends.
   *
   * @param ended when; for an attempt that ended without a word, when it was last heard of
   * @param exitCode of the process; null where it could not tell any more
   * @param reason one line: "done", "TERM", an error's message
   * @param epoch finished epochs by then
   * @param step optimiser steps by then
   */
  public record End(
      int attempt, Instant ended, Integer exitCode, String reason, int epoch, long step) {}
}
