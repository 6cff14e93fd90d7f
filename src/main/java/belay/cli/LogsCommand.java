package belay.cli;

import belay.checkpoint.RunDirectory;
import belay.cli.option.ConfigurationOptions;
import belay.cli.option.RunPath;
import belay.error.ConfigurationException;
import belay.error.DataException;
import belay.storage.DiskProblem;
import belay.watch.RunLog;
import belay.watch.Vigil;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
    try (RunLog log = RunLog.open(directory, count)) {
      if (isFollowed) {
        follow(log);
      } else {
        log.print();
      }
      if (!log.isThere()) {
        throw new DataException(
            run + ": nobody has written a log yet; belay status says what its jobs wait for");
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

  private void follow(RunLog log) throws IOException {
    try (Vigil vigil = new Vigil(List.of(run), configuration.schedulerTimeout())) {
      for (boolean isOver = false; ; Vigil.pause(BETWEEN_LOOKS)) {
        isOver =
            vigil.isOver()
                || System.out.checkError(); // before the last look, so that nothing is missed
        log.print();
        if (isOver) {
          return;
        }
      }
    }
  }
}
