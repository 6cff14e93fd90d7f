package belay.cli;

import belay.cli.option.ConfigurationOptions;
import belay.cli.option.OptionRange;
import belay.cli.option.RunArguments;
import belay.cluster.JobLookup;
import belay.console.Terminal;
import belay.watch.RunStates;
import belay.watch.StatusJson;
import belay.watch.StatusText;
import belay.watch.Vigil;
import java.time.Duration;
import java.util.Map;
import java.util.Stack;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Says where runs stand. */
@Command(
    name = "status",
    description = {
      "Says where runs stand: stage, epoch, attempts, the last checkpoint and its age, whether a"
          + " process works on them, and their jobs with what they wait for, and what to do about"
          + " those that wait for something that will not come by itself. Reads a few small files,"
          + " and asks each scheduler once, for 4 s at most.",
      ""
    })
final class StatusCommand implements Callable<Integer> {
  private static final System.Logger LOG = System.getLogger("belay.cluster");

  /** People wait for the answer. */
  private static final Duration LONGEST_QUESTION = Duration.ofSeconds(4);

  /** Cursor home, and nothing below it. */
  private static final String CLEAR = "\033[H\033[J";

  @Mixin private RunArguments runs;

  @Option(names = "--json", description = "Print JSON.")
  private boolean isJson;

  @Option(
      names = "--watch",
      paramLabel = "SECONDS",
      arity = "0..1",
      preprocessor = OptionalSeconds.class,
      description =
          "Say it again after this many seconds (10), until no run has an active job or a process.")
  private Integer interval;

  @Mixin private ConfigurationOptions configuration;

  /** A run may follow --watch as well as its number. */
  static final class OptionalSeconds implements CommandLine.IParameterPreprocessor {
    private static final String USUAL = "10";

    @Override
    public boolean preprocess(
        Stack<String> arguments, CommandSpec command, ArgSpec option, Map<String, Object> info) {
      if (arguments.isEmpty() || !arguments.peek().matches("-?\\d+")) {
        arguments.push(USUAL);
      }
      return false;
    }
  }

  @Override
  public Integer call() {
    if (interval != null) {
      OptionRange.atLeast(1, "--watch", interval);
    }
    Duration allowed = configuration.schedulerTimeout();
    Duration timeout = allowed.compareTo(LONGEST_QUESTION) < 0 ? allowed : LONGEST_QUESTION;
    boolean isScreen = Terminal.standardOutput().isScreen();
    RunStates states = say(timeout, interval != null && isScreen ? CLEAR : "");
    while (interval != null && !System.out.checkError() && states.mayMove()) {
      Vigil.pause(Duration.ofSeconds(interval));
      System.out.print(isScreen ? "" : "\n");
      states = say(timeout, isScreen ? CLEAR : "");
    }
    return Problems.exitCode(states.problems());
  }

  /** Says where all runs stand. */
  private RunStates say(Duration timeout, String before) {
    JobLookup lookup = new JobLookup(timeout);
    RunStates states = RunStates.ask(runs.paths(), lookup);
    System.out.print(before + (isJson ? StatusJson.of(states) : new StatusText(states)));
    Problems.tell(states.problems());
    lookup.problems().forEach(problem -> LOG.log(System.Logger.Level.WARNING, problem));
    return states;
  }
}
