package belay.cli;

import belay.checkpoint.RunLease;
import belay.cli.option.ConfigurationOptions;
import belay.cli.option.RunArguments;
import belay.error.BelayException;
import belay.error.ExitCode;
import belay.error.StoppedException;
import belay.job.StopSignals;
import belay.repair.Finding;
import belay.repair.Finding.Fate;
import belay.repair.Repair;
import belay.run.StageRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Mends run directories. */
@Command(
    name = "repair",
    description = {
      "Says what is broken in run directories, a line for each finding, and mends what can be mended:"
          + " leases of dead owners, status, torn lines, files that are damaged. Nothing is lost:"
          + " what nobody can use is renamed to NAME.damaged. Refused while a process works on"
          + " the run. Ends with exit code 3 if something is left that only you can mend.",
      ""
    })
final class RepairCommand implements Callable<Integer> {
  private static final System.Logger LOG = System.getLogger("belay.repair");

  @Mixin private RunArguments runs;

  @Option(
      names = "--dry-run",
      description =
          "Change nothing, only say what is broken; ends with exit code 3 if anything is.")
  private boolean isDry;

  @Mixin private ConfigurationOptions configuration;

  @Override
  public Integer call() {
    RunLease.Timing timing = StageRun.timing(configuration.load().settings().lease());
    int worst = ExitCode.DONE.code();
    for (Path run : runs.paths()) {
      worst = Math.max(worst, repair(run, timing).code());
    }
    return worst;
  }

  /** One run that cannot be repaired keeps no other from it. */
  private ExitCode repair(Path run, RunLease.Timing timing) {
    try {
      List<Finding> findings = new ArrayList<>();
      Consumer<Finding> told = findings::add;
      Repair.of(run, isDry, timing, told.andThen(System.out::println), StopSignals::requested);
      long mended = findings.stream().filter(finding -> finding.fate() == Fate.MENDED).count();
      System.out.println(summary(run, findings.size(), mended));
      return mended == findings.size() ? ExitCode.DONE : ExitCode.DATA;
    } catch (StoppedException e) {
      throw e;
    } catch (BelayException e) {
      LOG.log(System.Logger.Level.ERROR, e.getMessage());
      return e.exitCode();
    }
  }

  private String summary(Path run, int found, long mended) {
    if (found == 0) {
      return run + ": in order";
    }
    return isDry
        ? "%s: %d findings, nothing was changed".formatted(run, found)
        : "%s: %d findings, %d mended".formatted(run, found, mended);
  }
}
