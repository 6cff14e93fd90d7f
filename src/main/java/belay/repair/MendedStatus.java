package belay.repair;

import belay.checkpoint.Attempt;
import belay.checkpoint.CheckpointFile.Reached;
import belay.checkpoint.RunDirectory;
import belay.checkpoint.RunStatus;
import belay.checkpoint.RunStatus.State;
import belay.error.BelayException;
import belay.error.ExitCode;
import belay.review.RunRecord;
import belay.view.Outcome;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What status.json has to say of a run on which nobody works, by all its other files. */
final class MendedStatus {
  private final RunDirectory run;
  private final List<Attempt> attempts;
  private final KeptCheckpoints checkpoints;
  private final Mending mending;
  private final List<String> problems = new ArrayList<>();

  /**
   * @param attempts oldest first
   */
  MendedStatus(
      RunDirectory run, List<Attempt> attempts, KeptCheckpoints checkpoints, Mending mending) {
    this.run = run;
    this.attempts = attempts;
    this.checkpoints = checkpoints;
    this.mending = mending;
  }

  /** Where it contradicts the status that was found; empty where it does not. */
  List<String> problems() {
    return problems;
  }

  /**
   * @param found what the file says, empty if it is missing or unreadable
   */
  RunStatus status(Optional<RunStatus> found) {
    RunStatus before = found.orElseGet(this::ofAttempts);
    return numbers(state(before));
  }

  /** Nothing but the latest attempt tells. */
  private RunStatus ofAttempts() {
    if (attempts.isEmpty()) {
      String stage = checkpoints.newest().isPresent() ? "train" : "";
      return new RunStatus(stage, State.STOPPED, 0, 0, 0, null, null, Instant.now(), "");
    }
    Attempt latest = attempts.get(attempts.size() - 1);
    Optional<Attempt.End> end = latest.end();
    State state = end.map(Attempt.End::exitCode).map(MendedStatus::state).orElse(State.STOPPED);
    boolean isPipeline = latest.start().stage().equals("pipeline") && state == State.DONE;
    return new RunStatus(
        isPipeline ? "classify" : latest.start().stage(),
        state,
        end.map(last -> Math.max(0, last.epoch())).orElse(0),
        end.map(last -> Math.max(0, last.step())).orElse(0L),
        latest.start().attempt(),
        null,
        null,
        Instant.now(),
        end.map(Attempt.End::reason).orElse(Attempt.SILENT));
  }

  private static State state(int exitCode) {
    if (exitCode == ExitCode.DONE.code()) {
      return State.DONE;
    }
    return exitCode == ExitCode.RESUBMIT.code() ? State.STOPPED : State.FAILED;
  }

  private RunStatus state(RunStatus before) {
    if (before.state() == State.RUNNING) {
      problems.add("says running, but no process works on the run");
      return before.as(State.STOPPED, Attempt.SILENT);
    }
    Optional<String> missing = missing(before);
    if (before.state() == State.DONE && missing.isPresent()) {
      problems.add("says done, but " + missing.get());
      return before.as(State.STOPPED, missing.get());
    }
    if (before.state() == State.FAILED && isComplete()) {
      problems.add("says failed, but its files are complete");
      return before.as(State.DONE, "done");
    }
    return before;
  }

  private boolean isComplete() {
    try {
      return new RunRecord(run.path()).outcome() == Outcome.DONE;
    } catch (BelayException unreadable) {
      return false;
    }
  }

  /** What a stage that is done must have left. */
  private Optional<String> missing(RunStatus before) {
    Path product = before.stage().equals("classify") ? run.svm() : run.features();
    boolean isOfTraining = before.stage().equals("train");
    if (isOfTraining && checkpoints.isCertain()) {
      int epoch = checkpoints.newest().map(reached -> reached.name().epoch()).orElse(0);
      return epoch < before.epoch() || checkpoints.newest().isEmpty()
          ? Optional.of("the checkpoint of its end is not there")
          : Optional.empty();
    }
    boolean isKnown = List.of("extract", "classify").contains(before.stage());
    return isKnown && !mending.isThere(product)
        ? Optional.of(product.getFileName() + " is not there")
        : Optional.empty();
  }

  private RunStatus numbers(RunStatus before) {
    Optional<Reached> newest = checkpoints.newest();
    int latest = attempts.isEmpty() ? 0 : attempts.get(attempts.size() - 1).start().attempt();
    int count = Math.max(before.attempts(), latest);
    if (count != before.attempts()) {
      problems.add("says %d attempts of %d".formatted(before.attempts(), count));
    }
    int epoch = before.epoch();
    long step = before.step();
    String checkpoint = before.checkpoint();
    if (checkpoints.isCertain()) {
      epoch = newest.map(reached -> reached.name().epoch()).orElse(0);
      step = newest.map(Reached::step).orElse(0L);
      checkpoint = newest.map(this::relative).orElse(null);
      compare(before, epoch, step, checkpoint);
    }
    return before.as(epoch, step, count, checkpoint);
  }

  private void compare(RunStatus before, int epoch, long step, String checkpoint) {
    if (!Objects.equals(checkpoint, before.checkpoint())) {
      problems.add(
          "names %s, but %s"
              .formatted(
                  before.checkpoint() == null ? "no checkpoint" : before.checkpoint(),
                  checkpoint == null ? "there is none" : "the newest is " + checkpoint));
    } else if (epoch != before.epoch() || step != before.step()) {
      problems.add(
          "says epoch %d, step %d, but its checkpoint is of epoch %d, step %d"
              .formatted(before.epoch(), before.step(), epoch, step));
    }
  }

  private String relative(Reached reached) {
    return run.path().relativize(checkpoints.file(reached.name())).toString();
  }
}
