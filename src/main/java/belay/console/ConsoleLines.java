package belay.console;

import belay.log.ProgressLine;
import java.io.PrintStream;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * Log lines on a screen: progress as a bar in the last line, everything else above it. Java's own
 * console handler can only append.
 */
final class ConsoleLines extends Handler {
  private static final String CLEAR = "\r\u001b[K";
  private static final long REDRAW = 200_000_000; // ns

  private final Terminal terminal;
  private final PrintStream out;
  private ProgressBar bar;
  private long drawn = System.nanoTime() - REDRAW;
  private boolean isShown;

  ConsoleLines(Terminal terminal, PrintStream out) {
    this.terminal = terminal;
    this.out = out;
  }

  @Override
  public synchronized void publish(LogRecord record) {
    if (isLoggable(record)) {
      Logging.progress(record).ifPresentOrElse(this::draw, () -> print(record));
    }
  }

  private void draw(ProgressLine line) {
    long now = System.nanoTime();
    if (bar == null) {
      bar = new ProgressBar(terminal);
    }
    bar.at(line, now);
    if (line.total() > 0 && line.done() >= line.total()) {
      end();
    } else if (now - drawn >= REDRAW) {
      drawn = now;
      show(now);
    }
  }

  private void show(long now) {
    out.print("\r" + bar.text(now) + "\u001b[K");
    out.flush();
    isShown = true;
  }

  private void print(LogRecord record) {
    String line = getFormatter().format(record);
    out.print((isShown ? CLEAR : "") + coloured(record.getLevel(), line));
    if (isShown) {
      show(System.nanoTime());
    }
    out.flush();
  }

  private String coloured(Level level, String line) {
    if (!terminal.isColoured() || level.intValue() < Level.WARNING.intValue()) {
      return line;
    }
    String colour = level == Level.SEVERE ? "\u001b[31m" : "\u001b[33m";
    return colour + line.stripTrailing() + "\u001b[0m\n";
  }

  /** Takes the bar away: the work has ended, and results may follow on standard output. */
  synchronized void end() {
    if (isShown) {
      out.print(CLEAR);
      out.flush();
    }
    isShown = false;
    bar = null;
  }

  @Override
  public void flush() {
    out.flush();
  }

  @Override
  public void close() {
    end();
  }
}
