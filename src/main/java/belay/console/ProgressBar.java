package belay.console;

import belay.log.ProgressLine;
import java.time.Duration;

/**
 * One line of a terminal that shows how far the work is: bar, share, time left, what the work says.
 * The time left comes from the pace since the work was first heard of.
 */
final class ProgressBar {
  private static final int CELLS = 16;

  private final Terminal terminal;
  private ProgressLine first;
  private long began; // ns
  private ProgressLine latest;

  ProgressBar(Terminal terminal) {
    this.terminal = terminal;
  }

  /**
   * Takes a new state in.
   *
   * @param now in nanoseconds, as System.nanoTime gives them
   */
  void at(ProgressLine line, long now) {
    if (latest == null || line.total() != latest.total() || line.done() < latest.done()) {
      first = line;
      began = now;
    }
    latest = line;
  }

  /** The line, narrower than the screen, without any control characters but colours. */
  String text(long now) {
    String bar = latest.total() > 0 ? bar(now) : "";
    String text = bar + latest.text();
    int room = terminal.columns() - 1;
    String cut = text.length() > room ? text.substring(0, room) : text;
    int split = Math.min(cut.length(), bar.isEmpty() ? 0 : CELLS + 2);
    return terminal.isColoured() && split > 0
        ? "\u001b[32m" + cut.substring(0, split) + "\u001b[0m" + cut.substring(split)
        : cut;
  }

  private String bar(long now) {
    double share = Math.min(1, (double) latest.done() / latest.total());
    int full = (int) (share * CELLS);
    return "[%s%s] %3d%% %s "
        .formatted("#".repeat(full), ".".repeat(CELLS - full), (int) (100 * share), left(now));
  }

  private String left(long now) {
    long done = latest.done() - first.done();
    if (done <= 0) {
      return "-:--";
    }
    double seconds = (now - began) * 1e-9 * (latest.total() - latest.done()) / done;
    Duration left = Duration.ofSeconds(Math.round(seconds));
    return left.toHours() > 0
        ? "%d:%02d:%02d".formatted(left.toHours(), left.toMinutesPart(), left.toSecondsPart())
        : "%d:%02d".formatted(left.toMinutes(), left.toSecondsPart());
  }
}
