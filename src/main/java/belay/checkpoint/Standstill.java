package belay.checkpoint;

import java.time.Instant;
import java.util.List;

/** How long a run has been getting nowhere. */
public final class Standstill {
  /** What {@link Attempt.End#reason} says of an attempt that its job's time limit ended. */
  public static final String TIME_LIMIT = "walltime";

  private static final int DONE = 0;

  private Standstill() {}

  /**
   * Attempts in a row, the latest ones, that a scheduler began and that neither completed a stage
   * nor left a newer checkpoint than the attempt before. An attempt by hand ends the row, whatever
   * came of it: somebody has looked.
   *
   * @param attempts oldest first
   * @param status that the latest left, in case it could not record its end
   * @param since attempts that began before do not count
   */
  public static int length(List<Attempt> attempts, RunStatus status, Instant since) {
    int length = 0;
    for (int i = attempts.size() - 1; i >= 0; i--) {
      Attempt attempt = attempts.get(i);
      Attempt.End end = end(attempt, status);
      boolean counts =
          !Attempt.NO_SCHEDULER.equals(attempt.start().scheduler())
              && !attempt.start().started().isBefore(since);
      if (!counts || moved(i == 0 ? null : end(attempts.get(i - 1), status), end)) {
        break;
      }
      length++;
    }
    return length;
  }

  /**
   * Whether the last two attempts had their jobs' whole time at the same stage for nothing: a third
   * would end as they did.
   *
   * @param length of the standstill, by {@link #length}
   */
  public static boolean isForWantOfTime(List<Attempt> attempts, int length) {
    if (length < 2) {
      return false;
    }
    List<Attempt> last = attempts.subList(attempts.size() - 2, attempts.size());
    return last.stream().allMatch(Standstill::endedByTimeLimit)
        && last.get(0).start().stage().equals(last.get(1).start().stage());
  }

  private static boolean endedByTimeLimit(Attempt attempt) {
    return attempt.end().filter(end -> end.reason().startsWith(TIME_LIMIT)).isPresent();
  }

  private static boolean moved(Attempt.End before, Attempt.End end) {
    if (end.exitCode() != null && end.exitCode() == DONE) {
      return true;
    }
    return before == null
        ? end.epoch() > 0 || end.step() > 0
        : end.epoch() != before.epoch() || end.step() != before.step();
  }

  /** Of an attempt without a word: the status tells of the latest; older ones have a line. */
  private static Attempt.End end(Attempt attempt, RunStatus status) {
    return attempt
        .end()
        .orElseGet(
            () ->
                new Attempt.End(
                    attempt.start().attempt(),
                    status.updated(),
                    null,
                    "",
                    status.epoch(),
                    status.step(),
                    null,
                    null));
  }
}
