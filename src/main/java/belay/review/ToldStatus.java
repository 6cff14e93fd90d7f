package belay.review;

import belay.checkpoint.Attempt;
import belay.checkpoint.CheckpointName;
import belay.checkpoint.RunStatus;
import belay.checkpoint.RunStatus.State;
import belay.error.ExitCode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What status.json would say, as the other files of the run tell. */
final class ToldStatus {
  private final RunRecord run;
  private final Optional<Attempt> latest;
  private final Optional<CheckpointName> newest;

  private ToldStatus(RunRecord run) {
    this.run = run;
    List<Attempt> attempts = run.attempts();
    latest = attempts.isEmpty() ? Optional.empty() : Optional.of(attempts.get(attempts.size() - 1));
    newest = run.lineage().newest();
  }

  /**
   * Empty for a run that has not begun.
   *
   * @throws belay.error.DataException if the other files cannot be read either
   */
  static Optional<RunStatus> of(RunRecord run) {
    ToldStatus told = new ToldStatus(run);
    boolean hasBegun = told.latest.isPresent() || told.newest.isPresent();
    return hasBegun ? Optional.of(told.status()) : Optional.empty();
  }

  private RunStatus status() {
    Optional<Attempt.End> end = latest.flatMap(Attempt::end);
    return new RunStatus(
        stage(),
        latest.map(ToldStatus::state).orElse(State.STOPPED),
        newest.map(CheckpointName::epoch).orElse(0),
        newest.map(this::step).orElse(0L),
        latest.map(attempt -> attempt.start().attempt()).orElse(0),
        newest.map(name -> "checkpoints/" + name).orElse(null),
        null,
        end.map(Attempt.End::ended)
            .or(() -> latest.map(attempt -> attempt.start().started()))
            .orElse(Instant.EPOCH),
        end.map(Attempt.End::reason).orElse(""));
  }

  /** Of a pipeline the stage that it has come to. */
  private String stage() {
    String stage = latest.map(attempt -> attempt.start().stage()).orElse("pipeline");
    if (!stage.equals("pipeline")) {
      return stage;
    }
    return run.isComplete("extract") ? "classify" : run.isComplete("train") ? "extract" : "train";
  }

  /** Running is one that did not tell its end, until somebody looks whether it lives. */
  private static State state(Attempt attempt) {
    Integer code = attempt.end().map(Attempt.End::exitCode).orElse(null);
    if (code == null) {
      return State.RUNNING;
    }
    return code == ExitCode.DONE.code()
        ? State.DONE
        : code == ExitCode.RESUBMIT.code() ? State.STOPPED : State.FAILED;
  }

  private long step(CheckpointName name) {
    return name.step()
        .orElseGet(
            () ->
                run.epochs().stream()
                    .filter(line -> line.epoch() == name.epoch())
                    .mapToLong(EpochLine::step)
                    .findFirst()
                    .orElse(0));
  }
}
