package belay.checkpoint;

import belay.error.ExitCode;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * How the latest job of a run ended, as jobs/attempt.sh leaves it in RUN/logs/last-exit.json: what
 * java could not say that was killed.
 *
 * @param stage "train", "extract", "classify" or "pipeline"
 * @param scheduler "slurm", "oar" or "none"
 * @param job the scheduler's id, empty outside a job
 * @param exitCode belay's, or the shell's 128 + N for a signal N
 * @param message one line, may be empty
 * @param avoided broken nodes that the run has left
 */
public record LastExit(
    String stage,
    String scheduler,
    String job,
    String host,
    Instant ended,
    int exitCode,
    String message,
    List<String> avoided) {
  /** Of a file of one line, into which others may write. */
  static final int MOST_BYTES = 1 << 16;

  private static final Pattern STAGE = Pattern.compile("train|extract|classify|pipeline");
  private static final int SIGNAL = 128;

  public LastExit {
    Objects.requireNonNull(ended, "ended");
    if (stage == null || !STAGE.matcher(stage).matches()) {
      throw new IllegalArgumentException("no stage is called so");
    }
    if (exitCode < 0 || exitCode > 255) {
      throw new IllegalArgumentException("no process ends with " + exitCode);
    }
    scheduler = Objects.requireNonNullElse(scheduler, Attempt.NO_SCHEDULER);
    job = Objects.requireNonNullElse(job, "");
    host = Objects.requireNonNullElse(host, "");
    message = Objects.requireNonNullElse(message, "");
    avoided = List.copyOf(Objects.requireNonNullElse(avoided, List.of()));
  }

  public boolean isDone() {
    return exitCode == ExitCode.DONE.code();
  }

  /** Whether belay saved all and ended on request. */
  public boolean isStop() {
    return exitCode == ExitCode.RESUBMIT.code();
  }

  /** Whether a signal ended java, or a crash. */
  public boolean isKill() {
    return exitCode > SIGNAL;
  }
}
