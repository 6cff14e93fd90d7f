package belay.cli;

import belay.error.ExitCode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command without a subcommand: says what there is. */
@Command(
    name = "belay",
    description = {
      "Trains a convolutional autoencoder, extracts its latent features and classifies them with an"
          + " SVM, as cluster jobs that survive preemption.",
      ""
    },
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    scope = CommandLine.ScopeType.INHERIT,
    exitCodeListHeading = "%nExit codes:%n",
    subcommands = {})
final class Belay implements Runnable {
  @Spec private CommandSpec spec;

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Belay());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.getCommandSpec().usageMessage().exitCodeList(exitCodes());
    return line;
  }

  private static Map<String, String> exitCodes() {
    return Arrays.stream(ExitCode.values())
        .collect(
            Collectors.toMap(
                code -> Integer.toString(code.code()),
                ExitCode::meaning,
                (a, b) -> a,
                LinkedHashMap::new));
  }

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }
}
