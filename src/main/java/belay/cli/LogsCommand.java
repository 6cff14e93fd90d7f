package belay.cli;

import belay.checkpoint.RunDirectory;
import belay.error.ConfigurationException;
import belay.error.DataException;
import belay.storage.DiskProblem;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what the attempts of a run have said. */
@Command(
    name = "logs",
    description = {
      "Prints the end of a run's log: logs/job.log, which all jobs of the run write, or where there"
          + " is none logs/belay.log.",
      ""
    })
final class LogsCommand implements Callable<Integer> {
  private static final String ALL = "all";
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

  @Parameters(paramLabel = "RUN", converter = RunPath.class, description = "Run directory.")
  private Path run;

  @Option(
      names = {"-f", "--follow"},
      description =
          "Print what is added too, until the run has no active job and no process any more.")
  private boolean isFollowed;

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "LINES",
      defaultValue = "100",
      description = "How many lines to begin with, or all (default: ${DEFAULT-VALUE}).")
  private String lines;

  @Mixin private ConfigurationOptions configuration;

  @Override
  public Integer call() {
    long count = count();
    RunDirectory directory = RunDirectory.open(run);
    try {
      Optional<LogTail> tail = open(directory, count);
      if (!isFollowed && tail.isEmpty()) {
        throw nothing();
      }
      if (isFollowed) {
        follow(directory, tail.orElse(null));
      } else {
        print(tail.orElseThrow());
      }
      return 0;
    } catch (IOException e) {
      throw DiskProblem.of("read", directory.logs(), e);
    }
  }

  private long count() {
    if (lines.equals(ALL)) {
      return Long.MAX_VALUE;
    }
    if (!lines.matches("\\d{1,9}")) {
      throw new ConfigurationException(
          "--lines = %s must be a number of lines, or all".formatted(lines));
    }
    return Long.parseLong(lines);
  }

  private static void print(LogTail log) throws IOException {
    try (log) {
      log.print();
    }
  }

  private void follow(RunDirectory directory, LogTail first) throws IOException {
    int seconds = configuration.load().settings().cluster().timeoutSeconds();
    LogTail tail = first;
    try (Vigil vigil = new Vigil(List.of(run), Duration.ofSeconds(seconds))) {
      for (boolean isOver = false; ; Vigil.pause(BETWEEN_LOOKS)) {
        isOver =
            vigil.isOver()
                || System.out.checkError(); // before the last look, so that nothing is missed
        tail = printOn(directory, tail);
        if (isOver) {
          break;
        }
      }
    } finally {
      if (tail != null) {
        tail.close();
      }
    }
    if (tail == null) {
      throw nothing();
    }
  }

  /** Of a file that was replaced first the rest of the old one, then all of the new. */
  private static LogTail printOn(RunDirectory directory, LogTail last) throws IOException {
    if (last == null) {
      LogTail fresh = open(directory, Long.MAX_VALUE).orElse(null);
      return fresh == null ? null : printOn(directory, fresh);
    }
    boolean isReplaced = last.isReplaced();
    last.print();
    if (!isReplaced) {
      return last;
    }
    last.close();
    return printOn(directory, null);
  }

  private static Optional<LogTail> open(RunDirectory run, long lines) throws IOException {
    for (String name : List.of("job.log", "belay.log")) {
      try {
        return Optional.of(LogTail.open(run.logs().resolve(name), lines, System.out));
      } catch (NoSuchFileException notYet) {
        // The next one.
      }
    }
    return Optional.empty();
  }

  private DataException nothing() {
    return new DataException(
        run + ": nobody has written a log yet; belay status says what its jobs wait for");
  }
}
