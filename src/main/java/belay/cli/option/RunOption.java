package belay.cli.option;

import belay.checkpoint.RunDirectory;
import belay.run.StageRun;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The run directory and its keys, for commands that work on one. */
public final class RunOption {
  @Option(
      names = "--run",
      paramLabel = "DIR",
      required = true,
      converter = RunPath.class,
      description = "The run directory: everything of one run, made if absent by train and tune.")
  private Path path;

  @Mixin private ConfigurationOptions configuration;

  /**
   * @throws belay.error.DataException if there is no run directory
   */
  public RunOption mustExist() {
    RunDirectory.open(path);
    return this;
  }

  /** Does the work on the run, with what it keeps and these options say. */
  public void execute(String stage, StageRun.Work work) {
    StageRun.execute(stage, path, configuration.load(RunDirectory.at(path).properties()), work);
  }
}
