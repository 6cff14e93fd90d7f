package belay.cli;

import belay.checkpoint.RunStatus;
import belay.cluster.JobLookup;
import belay.cluster.JobState;
import belay.cluster.SubmittedJob;
import belay.json.Json;
import belay.log.Printable;
import belay.report.Outcome;
import belay.report.Table;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says where runs stand. */
@Command(
    name = "status",
    description = {
      "Says where runs stand: stage, epoch, attempts, the last checkpoint and its age, whether a"
          + " process works on them, and their jobs with what they wait for. Reads a few small"
          + " files, and asks each scheduler once.",
      ""
    })
final class StatusCommand implements Callable<Integer> {
  private static final System.Logger LOG = System.getLogger("belay.cluster");
  private static final int LONGEST_REASON = 60;

  @Parameters(
      paramLabel = "RUN",
      arity = "1..*",
      converter = RunPath.class,
      description = "Run directories.")
  private List<Path> runs;

  @Option(names = "--json", description = "Print JSON.")
  private boolean isJson;

  @Mixin private ConfigurationOptions configuration;

  @Override
  public Integer call() {
    int seconds = configuration.load().settings().cluster().timeoutSeconds();
    List<RunState> states = runs.stream().map(RunState::read).toList();
    JobLookup lookup = new JobLookup(Duration.ofSeconds(seconds));
    Map<SubmittedJob, JobState> jobs =
        lookup.states(states.stream().flatMap(state -> state.jobs().stream()).toList());
    if (isJson) {
      System.out.print(
          Json.page(states.stream().map(state -> facts(state, state.shown(jobs))).toList()));
    } else {
      System.out.print(table(states, jobs).text());
      states.forEach(StatusCommand::printMessage);
    }
    lookup.problems().forEach(problem -> LOG.log(System.Logger.Level.WARNING, problem));
    return 0;
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
  private static void printMessage(RunState state) {
    boolean isComplete = state.outcome() == Outcome.DONE;
    state
        .status()
        .filter(status -> status.state() == RunStatus.State.FAILED)
        .ifPresent(
            status ->
                System.out.println(
                    state.run().path()
                        + (isComplete ? ": complete, but its latest attempt failed: " : ": ")
                        + Printable.line(status.message())));
  }

  private static Map<String, Object> facts(RunState state, List<JobState> jobs) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("run", state.run().path().toString());
    facts.put("state", state.word());
    state.status().ifPresent(status -> facts.put("status", status));
    state.epochs().ifPresent(epochs -> facts.put("epochs", epochs));
    state.checkpointAge().ifPresent(age -> facts.put("checkpoint-age-seconds", age.toSeconds()));
    facts.put("alive", state.isOwned());
    state.owner().ifPresent(owner -> facts.put("owner", owner.description()));
    state
        .owner()
        .ifPresent(owner -> facts.put("heartbeat-age-seconds", owner.heartbeat().toSeconds()));
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
