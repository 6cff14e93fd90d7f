package belay.report;

import belay.view.Figures;
import belay.view.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The attempts and pauses of a run side by side. Work is drawn to scale; a pause is drawn no longer
 * than a tenth of all work, since a night in the queue would otherwise hide everything else.
 */
final class TimeLine {
  private static final double LONGEST_PAUSE = 0.1; // of all work
  private static final double BLINK = 0.002; // of all work, not drawn

  private final List<Piece> pieces = new ArrayList<>();
  private final Instant end;
  private final Duration busy;
  private final Duration whole;

  /**
   * A part of the line.
   *
   * @param work empty for a pause
   * @param width share of all work
   * @param isShortened whether the width tells less than the duration
   */
  record Piece(Optional<Work> work, Duration duration, double width, boolean isShortened) {}

  /**
   * @param attempts oldest first, at least one
   */
  TimeLine(List<Work> attempts) {
    busy = attempts.stream().map(Work::duration).reduce(Duration.ZERO, Duration::plus);
    end = attempts.get(attempts.size() - 1).ended();
    Instant begin = attempts.get(0).started();
    whole = end.isAfter(begin) ? Duration.between(begin, end) : Duration.ZERO;
    Work before = null;
    for (Work work : attempts) {
      if (before != null) {
        pause(AttemptsSection.pause(before, work));
      }
      pieces.add(new Piece(Optional.of(work), work.duration(), share(work.duration()), false));
      before = work;
    }
  }

  List<Piece> pieces() {
    return pieces;
  }

  Instant end() {
    return end;
  }

  String summary() {
    String share = whole.isZero() ? "" : ", %d %% of it at work".formatted(percent());
    return Figures.plural(pieces.stream().filter(p -> p.work().isPresent()).count(), "attempt")
        + " in "
        + Figures.duration(whole)
        + share;
  }

  private long percent() {
    return Math.min(100, Math.round(100.0 * busy.toMillis() / Math.max(1, whole.toMillis())));
  }

  private void pause(Duration pause) {
    double share = share(pause);
    if (share > BLINK) {
      double width = Math.min(share, LONGEST_PAUSE);
      pieces.add(new Piece(Optional.empty(), pause, width, share > LONGEST_PAUSE));
    }
  }

  private double share(Duration part) {
    return (double) part.toMillis() / Math.max(1, busy.toMillis());
  }
}
