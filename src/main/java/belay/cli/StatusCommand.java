package belay.cli;

import belay.checkpoint.RunStatus;
import belay.cluster.JobLookup;
import belay.cluster.JobState;
import belay.cluster.Remedy;
import belay.cluster.SubmittedJob;
import belay.json.Json;
import belay.log.Printable;
import belay.report.GpuTime;
import belay.report.Outcome;
import belay.report.Table;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Stack;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
  private static final int LONGEST_REASON = 60;
  private static final int LONGEST_QUESTION = 4; // s: people wait for the answer

  /** Cursor home, and nothing below it. */
  private static final String CLEAR = "\033[H\033[J";

  @Parameters(
      paramLabel = "RUN",
      arity = "1..*",
      converter = RunPath.class,
      description = "Run directories.")
  private List<Path> runs;

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
    int seconds = configuration.load().settings().cluster().timeoutSeconds();
    Duration timeout = Duration.ofSeconds(Math.min(LONGEST_QUESTION, seconds));
    boolean isScreen = Terminal.standardOutput().isScreen();
    while (say(timeout, interval != null && isScreen ? CLEAR : "") && interval != null) {
      Vigil.pause(Duration.ofSeconds(interval));
      System.out.print(isScreen ? "" : "\n");
    }
    return 0;
  }

  /** Says where all runs stand, and answers whether one may still move. */
  private boolean say(Duration timeout, String before) {
    List<RunState> states = runs.stream().map(RunState::read).toList();
    JobLookup lookup = new JobLookup(timeout);
    Map<SubmittedJob, JobState> jobs =
        lookup.states(states.stream().flatMap(state -> state.jobs().stream()).toList());
    System.out.print(before + (isJson ? json(states, jobs) : text(states, jobs)));
    System.out.flush();
    lookup.problems().forEach(problem -> LOG.log(System.Logger.Level.WARNING, problem));
    return !System.out.checkError()
        && states.stream().anyMatch(state -> Vigil.moves(state.isOwned(), state.jobs(), jobs));
  }

  private static String json(List<RunState> states, Map<SubmittedJob, JobState> jobs) {
    return Json.page(states.stream().map(state -> facts(state, state.shown(jobs))).toList());
  }

  private static String text(List<RunState> states, Map<SubmittedJob, JobState> jobs) {
    StringBuilder text = new StringBuilder(table(states, jobs).text());
    for (RunState state : states) {
      message(state).ifPresent(line -> text.append(line).append('\n'));
      if (!state.gpu().held().isZero()) {
        text.append("%s: GPU hours %s%n".formatted(state.run().path(), state.gpu()));
      }
      for (JobState job : state.shown(jobs)) {
        Remedy.of(job)
            .map(remedy -> remedy(state, job, remedy))
            .ifPresent(line -> text.append(line).append('\n'));
      }
    }
    return text.toString();
  }

  private static String remedy(RunState state, JobState job, String remedy) {
    String line = "%s: %s %s: %s".formatted(state.run().path(), stage(job), job.job(), remedy);
    return Printable.line(line);
  }

  private static String stage(JobState job) {
    return job.submitted().stage();
  }

  private static Table table(List<RunState> states, Map<SubmittedJob, JobState> jobs) {
    Table table =
        new Table(
            "run",
            "stage",
            "state",
            "epoch",
            "step",
            "attempts",
            "checkpoint",
            "age",
            "heartbeat",
            "jobs");
    for (RunState state : states) {
      table.row(
          state.run().path(),
          state.status().map(RunStatus::stage).orElse(""),
          state.word(),
          state.epoch(),
          state.status().map(RunStatus::step).orElse(0L),
          state.status().map(RunStatus::attempts).orElse(0),
          state.status().map(RunStatus::checkpoint).map(StatusCommand::fileName).orElse(""),
          state.checkpointAge().map(StatusCommand::shown).orElse(""),
          heartbeat(state),
          state.shown(jobs).stream().map(StatusCommand::shown).collect(Collectors.joining("; ")));
    }
    return table;
  }

  /** An error that ended the last attempt says what to do: it must not be missed. */
  private static Optional<String> message(RunState state) {
    boolean isComplete = state.outcome() == Outcome.DONE;
    boolean isFailed =
        state.status().filter(status -> status.state() == RunStatus.State.FAILED).isPresent();
    boolean isTelling =
        state
            .lastExit()
            .map(exit -> !exit.isDone() && !exit.isStop() && !exit.message().isBlank())
            .orElse(isFailed);
    String but = isComplete ? ": complete, but its latest attempt failed: " : ": ";
    return isTelling
        ? Optional.of(Printable.line(state.run().path() + but + state.message()))
        : Optional.empty();
  }

  private static Map<String, Object> facts(RunState state, List<JobState> jobs) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("run", state.run().path().toString());
    facts.put("state", state.word());
    state.status().ifPresent(status -> facts.put("status", status));
    state.lastExit().ifPresent(exit -> facts.put("last-exit", exit));
    state.epochs().ifPresent(epochs -> facts.put("epochs", epochs));
    state.checkpointAge().ifPresent(age -> facts.put("checkpoint-age-seconds", age.toSeconds()));
    facts.put("alive", state.isOwned());
    state.owner().ifPresent(owner -> facts.put("owner", owner.description()));
    state
        .owner()
        .ifPresent(owner -> facts.put("heartbeat-age-seconds", owner.heartbeat().toSeconds()));
    facts.put("gpu-hours", GpuTime.hours(state.gpu().held()));
    facts.put("gpu-hours-lost", GpuTime.hours(state.gpu().lost()));
    facts.put("gpu-hours-idle", GpuTime.hours(state.gpu().idle()));
    facts.put("jobs", jobs.stream().map(StatusCommand::facts).toList());
    return facts;
  }

  private static Map<String, Object> facts(JobState job) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("scheduler", job.submitted().scheduler());
    facts.put("job", job.job());
    facts.put("stage", job.submitted().stage());
    facts.put("state", job.word());
    facts.put("reason", job.reason());
    Remedy.of(job).ifPresent(remedy -> facts.put("remedy", remedy));
    if (job.submitted().jarSha256() != null) {
      facts.put("jar-sha256", job.submitted().jarSha256());
    }
    return facts;
  }

  private static String heartbeat(RunState state) {
    return state
        .owner()
        .map(
            owner -> owner.lives() ? shown(owner.heartbeat()) : "dead, " + shown(owner.heartbeat()))
        .orElse("");
  }

  private static String shown(JobState job) {
    String reason =
        job.reason().length() > LONGEST_REASON
            ? job.reason().substring(0, LONGEST_REASON) + "..."
            : job.reason();
    return job.submitted().stage()
        + " "
        + job.job()
        + " "
        + job.word()
        + (reason.isEmpty() ? "" : " (" + reason + ")");
  }

  /** The largest unit: "5 s", "12 min", "3 h", "2 d". */
  private static String shown(Duration age) {
    if (age.toMinutes() < 1) {
      return age.toSeconds() + " s";
    }
    if (age.toHours() < 1) {
      return age.toMinutes() + " min";
    }
    return age.toDays() < 2 ? age.toHours() + " h" : age.toDays() + " d";
  }

  private static String fileName(String checkpoint) {
    return checkpoint.substring(checkpoint.lastIndexOf('/') + 1);
  }
}
