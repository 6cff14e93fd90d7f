package belay.watch;

import belay.checkpoint.RunStatus;
import belay.cluster.JobState;
import belay.cluster.Remedy;
import belay.log.Printable;
import belay.view.Outcome;
import belay.view.Table;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;

/** Where runs stand, for people: a table, and what there is to say or to do. */
public final class StatusText {
  private static final int LONGEST_REASON = 60;

  private final RunStates states;

  public StatusText(RunStates states) {
    this.states = states;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(states.runs().isEmpty() ? "" : table().text());
    for (RunState run : states.runs()) {
      message(run).ifPresent(line -> text.append(line).append('\n'));
      if (!run.gpu().held().isZero()) {
        text.append("%s: GPU hours %s%n".formatted(run.run().path(), run.gpu()));
      }
      for (JobState job : states.shown(run)) {
        Remedy.of(job).ifPresent(remedy -> text.append(remedy(run, job, remedy)).append('\n'));
      }
    }
    return text.toString();
  }

  private static String remedy(RunState run, JobState job, String remedy) {
    return Printable.line(
        "%s: %s %s: %s".formatted(run.run().path(), job.submitted().stage(), job.job(), remedy));
  }

  private Table table() {
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
    for (RunState run : states.runs()) {
      table.row(
          run.run().path(),
          run.status().map(RunStatus::stage).orElse(""),
          run.word(),
          run.epoch(),
          run.status().map(RunStatus::step).orElse(0L),
          run.status().map(RunStatus::attempts).orElse(0),
          run.status().map(RunStatus::checkpoint).map(StatusText::fileName).orElse(""),
          run.checkpointAge().map(StatusText::shown).orElse(""),
          heartbeat(run),
          states.shown(run).stream().map(StatusText::shown).collect(Collectors.joining("; ")));
    }
    return table;
  }

  /** An error that ended the last attempt says what to do: it must not be missed. */
  private static Optional<String> message(RunState run) {
    boolean isComplete = run.outcome() == Outcome.DONE;
    boolean isFailed =
        run.status().filter(status -> status.state() == RunStatus.State.FAILED).isPresent();
    boolean isTelling =
        run.lastExit()
            .map(exit -> !exit.isDone() && !exit.isStop() && !exit.message().isBlank())
            .orElse(isFailed);
    String but = isComplete ? ": complete, but its latest attempt failed: " : ": ";
    return isTelling
        ? Optional.of(Printable.line(run.run().path() + but + run.message()))
        : Optional.empty();
  }

  private static String heartbeat(RunState run) {
    return run.owner()
        .map(
            owner -> owner.lives() ? shown(owner.heartbeat()) : "dead, " + shown(owner.heartbeat()))
        .orElse("");
  }

  private static String shown(JobState job) {
    String reason =
        job.reason().length() > LONGEST_REASON
            ? job.reason().substring(0, LONGEST_REASON) + "..."
            : job.reason();
    return "%s %s %s".formatted(job.submitted().stage(), job.job(), job.word())
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
