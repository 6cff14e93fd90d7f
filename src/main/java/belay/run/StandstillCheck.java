package belay.run;

import belay.checkpoint.Attempt;
import belay.checkpoint.RunDirectory;
import belay.checkpoint.RunJournal;
import belay.checkpoint.RunStatus;
import belay.checkpoint.RunStatus.State;
import belay.checkpoint.Standstill;
import belay.cluster.SubmittedJobs;
import belay.error.StuckException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A job that comes back for ever and gets nowhere takes a place that others could use. */
final class StandstillCheck {
  private final RunDirectory run;
  private final int most;

  /**
   * @param most attempts in a row that may bring the run no further
   */
  StandstillCheck(RunDirectory run, int most) {
    this.run = run;
    this.most = most;
  }

  /**
   * @throws StuckException if this attempt would do no better than those before; the status says so
   */
  void run(RunJournal journal) {
    mistake()
        .ifPresent(
            message -> {
              journal.status(status -> status.as(State.FAILED, message));
              throw new StuckException(message);
            });
  }

  private Optional<String> mistake() {
    List<Attempt> attempts = run.attempts();
    RunStatus status = run.status().orElseGet(RunStatus::fresh); // all may have died before it
    int length = Standstill.length(attempts, status, lastMove());
    if (Standstill.isForWantOfTime(attempts, length)) {
      return Optional.of(
          "%s: the time limit ended the last two attempts before %s had anything to save. Ask for more time, and submit it again"
              .formatted(run.path(), attempts.get(attempts.size() - 1).start().stage()));
    }
    return length < most
        ? Optional.empty()
        : Optional.of(
            "%s: the last %d attempts brought the run no further (cluster.max-attempts = %d). See %s; then submit it with belay submit, or start it by hand once"
                .formatted(run.path(), length, most, run.logs().resolve("belay.log")));
  }

  /**
   * The latest submission, solved problem of an SVM or trial of a tuning: attempts that began
   * before do not count.
   */
  private Instant lastMove() {
    Instant submitted = new SubmittedJobs(run.path()).lastRequest();
    return Stream.of(run.svmSolved(), TuneStage.file(run.path()))
        .map(StandstillCheck::written)
        .reduce(submitted, (a, b) -> a.isAfter(b) ? a : b);
  }

  private static Instant written(Path file) {
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } catch (IOException none) {
      return Instant.MIN;
    }
  }
}
