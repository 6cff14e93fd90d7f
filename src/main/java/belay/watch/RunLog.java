package belay.watch;

import belay.checkpoint.RunDirectory;
import belay.console.LogTail;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;

/**
 * The end of a run's log, and what is added to it: of logs/job.log, which all jobs of the run
 * write, or where there is none of logs/belay.log.
 */
public final class RunLog implements AutoCloseable {
  private static final List<String> NAMES = List.of("job.log", "belay.log");

  private final RunDirectory run;
  private LogTail tail; // null while nobody has written

  private RunLog(RunDirectory run) {
    this.run = run;
  }

  /**
   * Prints nothing yet.
   *
   * @param lines to begin with, from the end of the file; Long.MAX_VALUE for all
   */
  public static RunLog open(RunDirectory run, long lines) throws IOException {
    RunLog log = new RunLog(run);
    log.find(lines);
    return log;
  }

  private void find(long lines) throws IOException {
    for (String name : NAMES) {
      try {
        tail = LogTail.open(run.logs().resolve(name), lines, System.out);
        return;
      } catch (NoSuchFileException notYet) {
        // The next one.
      }
    }
  }

  public boolean isThere() {
    return tail != null;
  }

  /**
   * Prints what is there and was not printed yet: of a file that was replaced first the rest of the
   * old one, then all of the new.
   *
   * @throws belay.error.StoppedException if this process was asked to stop
   */
  public void print() throws IOException {
    if (tail == null) {
      find(Long.MAX_VALUE);
    }
    if (tail == null) {
      return;
    }
    boolean isReplaced = tail.isReplaced();
    tail.print(Vigil::heedStop);
    if (isReplaced) {
      close();
      print();
    }
  }

  @Override
  public void close() throws IOException {
    if (tail != null) {
      tail.close();
      tail = null;
    }
  }
}
