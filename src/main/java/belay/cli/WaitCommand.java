package belay.cli;

import belay.checkpoint.RunDirectory;
import belay.cli.option.ConfigurationOptions;
import belay.cli.option.OptionRange;
import belay.cli.option.RunArguments;
import belay.error.ExitCode;
import belay.watch.RunEnd;
import belay.watch.Vigil;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Waits for runs, for scripts that go on with what they have made. */
@Command(
    name = "wait",
    description = {
      "Waits until no run has a job that may begin or go on, or a process at work, says how each"
          + " ended, and ends with 0 if all are complete: else with the exit code of the first that"
          + " is not, 99 if it was stopped and nobody will come back, 3 if it never began. A"
          + " scheduler that does not answer is waited for too.",
      ""
    })
final class WaitCommand implements Callable<Integer> {
  private static final System.Logger LOG = System.getLogger("belay.cluster");
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  @Mixin private RunArguments runs;

  @Option(
      names = "--timeout-seconds",
      paramLabel = "N",
      description = "End with 99 after this time, whatever goes on.")
  private Integer patience;

  @Mixin private ConfigurationOptions configuration;

  @Override
  public Integer call() {
    if (patience != null) {
      OptionRange.atLeast(1, "--timeout-seconds", patience);
    }
    runs.paths().forEach(RunDirectory::open);
    Duration timeout = configuration.schedulerTimeout();
    long began = System.nanoTime();
    try (Vigil vigil = new Vigil(runs.paths(), timeout)) {
      while (!vigil.isOver()) {
        if (patience != null && System.nanoTime() - began >= patience * 1_000_000_000L) {
          LOG.log(
              System.Logger.Level.WARNING,
              "Waited " + patience + " s in vain (--timeout-seconds): belay status tells more");
          return ExitCode.RESUBMIT.code();
        }
        Vigil.pause(BETWEEN_LOOKS);
      }
    }
    return tell();
  }

  private int tell() {
    List<RunEnd> ends = runs.paths().stream().map(RunEnd::of).toList();
    ends.forEach(end -> System.out.println(end.line()));
    return ends.stream().mapToInt(RunEnd::exitCode).filter(code -> code != 0).findFirst().orElse(0);
  }
}
