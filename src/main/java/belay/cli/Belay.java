package belay.cli;

import belay.cli.bench.BenchCommand;
import belay.cli.option.FilePath;
import belay.console.Logging;
import belay.error.BelayException;
import belay.error.DeviceException;
import belay.error.ExitCode;
import belay.error.StoppedException;
import belay.log.Secrets;
import belay.run.Version;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command without a subcommand: says what there is. */
@Command(
    name = "belay",
    description = {
      "Trains a convolutional autoencoder, extracts its latent features and classifies them with an"
          + " SVM, as cluster jobs that survive preemption.",
      ""
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      TrainCommand.class,
      TuneCommand.class,
      ExtractCommand.class,
      ClassifyCommand.class,
      PipelineCommand.class,
      EvaluateCommand.class,
      PredictCommand.class,
      SubmitCommand.class,
      StatusCommand.class,
      WaitCommand.class,
      LogsCommand.class,
      CancelCommand.class,
      DemoCommand.class,
      FetchCommand.class,
      SampleCommand.class,
      DataCommand.class,
      InspectCommand.class,
      RepairCommand.class,
      TraceCommand.class,
      ReportCommand.class,
      RunsCommand.class,
      DoctorCommand.class,
      BenchCommand.class,
      ConfigCommand.class,
      CompletionCommand.class
    })
final class Belay implements Runnable {
  private static final System.Logger LOG = System.getLogger("belay");

  @Option(
      names = {"-q", "--quiet"},
      scope = ScopeType.INHERIT,
      description = "Say nothing but warnings, errors and results.")
  private boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Show where in the program an error arose.")
  private boolean verbose;

  @Spec private CommandSpec spec;

  static CommandLine commandLine() {
    Belay belay = new Belay();
    CommandLine line = new CommandLine(belay);
    line.registerConverter(Path.class, new FilePath());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionStrategy(belay::execute);
    line.setExecutionExceptionHandler((problem, command, result) -> belay.explain(problem));
    line.setParameterExceptionHandler((problem, arguments) -> correct(problem));
    describe(line);
    return line;
  }

  private static void describe(CommandLine line) {
    CommandSpec spec = line.getCommandSpec();
    spec.mixinStandardHelpOptions(true)
        .versionProvider(() -> new String[] {"belay " + Version.text()});
    spec.usageMessage().exitCodeListHeading("%nExit codes:%n").exitCodeList(exitCodes());
    line.getSubcommands().values().stream().distinct().forEach(Belay::describe);
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

  private int execute(ParseResult result) {
    Logging.toConsole(quiet ? Level.WARNING : Level.INFO);
    try {
      return new CommandLine.RunLast().execute(result);
    } catch (Error e) { // picocli hands over exceptions only
      return explain(e);
    } finally {
      Logging.endProgress();
    }
  }

  /** The mistake last, where a terminal shows it, and the synopsis instead of the whole help. */
  private static int correct(CommandLine.ParameterException problem) {
    CommandLine command = problem.getCommandLine();
    PrintWriter err = command.getErr();
    CommandLine.Help help = command.getHelp();
    err.print(help.synopsisHeading() + help.synopsis(help.synopsisHeadingLength()));
    err.println("All options: " + command.getCommandSpec().qualifiedName() + " --help");
    err.println(Secrets.hide(problem.getMessage()));
    CommandLine.UnmatchedArgumentException.printSuggestions(problem, err);
    return ExitCode.USAGE.code();
  }

  /** One line for what a user can mend; the stack trace only for our own mistakes. */
  private int explain(Throwable problem) {
    if (problem instanceof StoppedException) {
      LOG.log(System.Logger.Level.INFO, problem.getMessage());
      return ExitCode.RESUBMIT.code();
    }
    if (problem instanceof BelayException known) {
      LOG.log(System.Logger.Level.ERROR, known.getMessage(), verbose ? known : null);
      return known.exitCode().code();
    }
    if (problem instanceof OutOfMemoryError full) {
      return explain(DeviceException.heapIsTooSmall(full));
    }
    LOG.log(System.Logger.Level.ERROR, "Internal error, please report it: " + problem, problem);
    return ExitCode.INTERNAL.code();
  }

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }
}
