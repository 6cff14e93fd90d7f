package belay.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The run directory, for commands that work on one. */
final class RunOption {
  @Option(
      names = "--run",
      paramLabel = "DIR",
      required = true,
      converter = RunPath.class,
      description = "The run directory: everything of one run, made if absent by train.")
  private Path path;

  Path path() {
    return path;
  }
}
