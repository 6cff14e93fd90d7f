package belay.view;

import java.time.Duration;
import java.time.Instant;

/**
 * One attempt on the time line.
 *
 * @param attempt number, from 1
 * @param job the scheduler and its number, or "no job"
 * @param ended for a running one now; for one that was killed its last sign of life
 * @param reason one line: "done", "signal TERM", an error's message
 * @param epoch finished epochs by then
 * @param step optimiser steps by then
 * @param gpu time on GPUs; none on the CPU
 */
public record Work(
    int attempt,
    String stage,
    String host,
    String job,
    String version,
    Instant started,
    Instant ended,
    Outcome outcome,
    String reason,
    int epoch,
    long step,
    GpuTime gpu) {

  public Duration duration() {
    return ended.isAfter(started) ? Duration.between(started, ended) : Duration.ZERO;
  }
}
