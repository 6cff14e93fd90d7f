package belay.watch;

import belay.checkpoint.Attempt;
import belay.checkpoint.LastExit;
import belay.cluster.SubmittedJob;
import belay.error.ExitCode;
import belay.log.Printable;
import belay.review.RunRecord;
import belay.view.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How a run ended that nobody works on, nor will.
 *
 * @param exitCode 0 if all that was asked for is there, else that of the latest attempt
 * @param words for people, may be empty
 */
public record RunEnd(Path run, int exitCode, String words) {
  public static RunEnd of(Path run) {
    RunState state = RunState.read(run);
    RunRecord seen = new RunRecord(run);
    if (state.outcome() == Outcome.DONE && isAllThere(seen, state.jobs())) {
      return new RunEnd(run, ExitCode.DONE.code(), "complete");
    }
    if (state.outcome() == Outcome.NEW) {
      return new RunEnd(run, ExitCode.DATA.code(), "never began, and has no job");
    }
    int code =
        state
            .lastExit()
            .map(LastExit::exitCode)
            .or(() -> lastCode(seen.attempts()))
            .filter(known -> known != ExitCode.DONE.code())
            .orElse(ExitCode.RESUBMIT.code());
    String word = state.outcome() == Outcome.DONE ? "incomplete" : state.word();
    return new RunEnd(run, code, word + words(code, state.message()));
  }

  private static String words(int code, String message) {
    if (code == ExitCode.RESUBMIT.code()) {
      return ", and nobody will come back: submit it again";
    }
    return " with exit code " + code + (message.isBlank() ? "" : ": " + message);
  }

  /** The last job that belay submit has given to a scheduler was to complete the run. */
  private static boolean isAllThere(RunRecord run, List<SubmittedJob> jobs) {
    return jobs.stream()
        .filter(job -> !job.isSuccessor())
        .reduce((before, last) -> last)
        .map(last -> run.isComplete(last.stage()))
        .orElse(true);
  }

  private static Optional<Integer> lastCode(List<Attempt> attempts) {
    return attempts.isEmpty()
        ? Optional.empty()
        : attempts.get(attempts.size() - 1).end().map(Attempt.End::exitCode);
  }

  /** "runs/ae1: failed with exit code 3: ...". */
  public String line() {
    return Printable.line(run + ": " + words);
  }
}
