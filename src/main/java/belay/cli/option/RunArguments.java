package belay.cli.option;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Parameters;

/** The run directories, for commands that look at several. */
public final class RunArguments {
  @Parameters(
      paramLabel = "RUN",
      arity = "1..*",
      converter = RunPath.class,
      description = "Run directories.")
  private List<Path> paths;

  public List<Path> paths() {
    return paths;
  }
}
