package belay.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Completion of commands and options by the Tab key. */
@Command(
    name = "completion",
    description = {
      "Prints a completion script for bash and zsh: source <(java -jar belay.jar completion)",
      "It serves a command named belay, such as an alias for the line above.",
      ""
    })
final class CompletionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    System.out.print(AutoComplete.bash("belay", spec.root().commandLine()));
    return 0;
  }
}
