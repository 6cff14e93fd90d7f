package belay.console;

import belay.error.BelayException;
import belay.log.Printable;
import belay.log.ProgressLine;
import belay.log.Secrets;
import belay.storage.DiskProblem;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Where log lines go: standard error, and the run directory's log once there is one. */
public final class Logging {
  // Held here because java.util.logging forgets loggers, and their levels, that nobody holds.
  private static final Logger ROOT = Logger.getLogger("");

  private static final int PROGRESS_SECONDS = 10; // before the configuration is read

  private Logging() {}

  /** Replaces whatever the JVM's logging configuration says. */
  public static void toConsole(Level level) {
    for (Handler handler : ROOT.getHandlers()) {
      ROOT.removeHandler(handler);
    }
    ROOT.setLevel(Level.INFO);
    Terminal terminal = Terminal.standardError();
    if (terminal.isScreen()) {
      add(new ConsoleLines(terminal, System.err), level);
    } else {
      Handler console = new ConsoleHandler();
      console.setFilter(new Pace(PROGRESS_SECONDS));
      add(console, level);
    }
  }

  /** Lets lines of progress into logs after so many seconds of silence. */
  public static void progressEvery(int seconds) {
    for (Handler handler : ROOT.getHandlers()) {
      if (handler.getFilter() instanceof Pace) {
        handler.setFilter(new Pace(seconds));
      }
    }
  }

  /** What a record says about progress, if that is what it is about. */
  public static Optional<ProgressLine> progress(LogRecord record) {
    Object[] parameters = record.getParameters();
    return parameters != null
            && parameters.length == 1
            && parameters[0] instanceof ProgressLine line
        ? Optional.of(line)
        : Optional.empty();
  }

  /** Takes the bar off the screen, before results go to standard output. */
  public static void endProgress() {
    for (Handler handler : ROOT.getHandlers()) {
      if (handler instanceof ConsoleLines lines) {
        lines.end();
      }
    }
  }

  /** Also appends to a file, each line at once, until the handler is closed. */
  public static Handler toFile(Path log) {
    try {
      Handler file = new LogFile(log);
      file.setFilter(new Pace(PROGRESS_SECONDS));
      add(file, Level.INFO);
      return file;
    } catch (IOException e) {
      throw DiskProblem.of("write the log", log, e);
    }
  }

  /** Writes how a command ended to one log alone; with a stack trace if it was our mistake. */
  public static void append(Handler log, Level level, Throwable end) {
    boolean isKnown = end instanceof BelayException;
    LogRecord record = new LogRecord(level, isKnown ? end.getMessage() : end.toString());
    record.setThrown(isKnown ? null : end);
    log.publish(record);
  }

  /** Hands every record to it too, until it is closed. */
  public static void listen(Handler handler) {
    ROOT.addHandler(handler);
  }

  public static void close(Handler handler) {
    ROOT.removeHandler(handler);
    handler.close();
  }

  private static void add(Handler handler, Level level) {
    handler.setFormatter(new Line());
    handler.setLevel(level);
    ROOT.addHandler(handler);
  }

  /** Time in UTC, level, message; a stack trace only where the record carries one. */
  private static final class Line extends Formatter {
    @Override
    public String format(LogRecord record) {
      StringWriter line = new StringWriter();
      line.append(Instant.ofEpochMilli(record.getMillis()).truncatedTo(ChronoUnit.SECONDS) + " ")
          .append(name(record.getLevel()))
          .append(' ')
          .append(Printable.line(Secrets.hide(formatMessage(record))))
          .append('\n');
      if (record.getThrown() != null) {
        StringWriter trace = new StringWriter();
        record.getThrown().printStackTrace(new PrintWriter(trace, true));
        line.append(Secrets.hide(trace.toString()));
      }
      return line.toString();
    }

    /** The names that batch logs are searched for. */
    private static String name(Level level) {
      return level == Level.SEVERE ? "ERROR" : level == Level.WARNING ? "WARN" : level.getName();
    }
  }
}
