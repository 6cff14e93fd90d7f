package belay.checkpoint;

import com.google.gson.annotations.SerializedName;
import java.time.Instant;
import java.util.Objects;

/**
 * Where a run stands, for people and for scripts that ask. A killed process leaves "running" behind
 * with an old time: the lease, not the status, tells whether somebody works on the run.
 *
 * @param stage "train", "extract" or "classify", within a pipeline too; "pipeline" before its first
 * @param epoch finished epochs
 * @param step optimiser steps taken
 * @param attempts begun so far, of all stages
 * @param checkpoint last one written, relative to the run directory; null before the first
 * @param saved when that was; null before the first, and where an older belay did not keep it
 * @param updated when this was written
 * @param message one line for people, may be empty
 */
public record RunStatus(
    String stage,
    State state,
    int epoch,
    long step,
    int attempts,
    String checkpoint,
    Instant saved,
    Instant updated,
    String message) {
  public RunStatus {
    Objects.requireNonNull(stage, "stage");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(updated, "updated");
    message = Objects.requireNonNullElse(message, "");
    if (epoch < 0 || step < 0 || attempts < 0 || attempts > MOST_ATTEMPTS) {
      throw new IllegalArgumentException("no status has a number below 0");
    }
  }

  static final int MOST_ATTEMPTS = 1_000_000_000;

  /** What became of the latest attempt. */
  public enum State {
    /** Is at work, unless it was killed. */
    @SerializedName("running")
    RUNNING,
    /** Saved everything and ended on request; the same command goes on. */
    @SerializedName("stopped")
    STOPPED,
    /** The stage is complete. */
    @SerializedName("done")
    DONE,
    /** Ended with an error, which the message tells. */
    @SerializedName("failed")
    FAILED
  }

  /** Of a run directory in which nothing has happened. */
  public static RunStatus fresh() {
    return new RunStatus("", State.STOPPED, 0, 0, 0, null, null, Instant.now(), "");
  }

  /** With other numbers and another checkpoint, as files tell them. */
  public RunStatus as(int epoch, long step, int attempts, String checkpoint) {
    return new RunStatus(
        stage, state, epoch, step, attempts, checkpoint, saved, Instant.now(), message);
  }

  /** At the beginning of an attempt. */
  public RunStatus begin(String stage, int attempt) {
    return new RunStatus(
        stage, State.RUNNING, epoch, step, attempt, checkpoint, saved, Instant.now(), "");
  }

  /** With this much training done. */
  public RunStatus at(int epoch, long step) {
    return new RunStatus(
        stage, state, epoch, step, attempts, checkpoint, saved, Instant.now(), message);
  }

  /** With a newer checkpoint. */
  public RunStatus saved(String checkpoint) {
    Instant now = Instant.now();
    return new RunStatus(stage, state, epoch, step, attempts, checkpoint, now, now, message);
  }

  /** At the end of an attempt, or with something to tell. */
  public RunStatus as(State state, String message) {
    return new RunStatus(
        stage, state, epoch, step, attempts, checkpoint, saved, Instant.now(), message);
  }
}
