package belay.watch;

import belay.checkpoint.CheckpointName;
import belay.checkpoint.Checkpoints;
import belay.checkpoint.LastExit;
import belay.checkpoint.RunDirectory;
import belay.checkpoint.RunOwner;
import belay.checkpoint.RunStatus;
import belay.cluster.JobState;
import belay.cluster.SubmittedJob;
import belay.conf.Configuration;
import belay.error.ConfigurationException;
import belay.review.RunRecord;
import belay.view.GpuTime;
import belay.view.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where a run stands, from a handful of small files and what its schedulers say.
 *
 * @param epochs that the run is to have, where it says
 * @param owner process that has the run directory
 * @param jobs recorded for it
 * @param lastExit how its latest job ended, where nothing newer says otherwise
 * @param message what there is to tell of the latest attempt, may be empty
 * @param outcome what its files tell
 * @param gpu time on GPUs, of all attempts
 */
record RunState(
    RunDirectory run,
    Optional<RunStatus> status,
    OptionalInt epochs,
    Optional<RunOwner> owner,
    List<SubmittedJob> jobs,
    Optional<LastExit> lastExit,
    String message,
    Outcome outcome,
    GpuTime gpu) {

  static RunState read(Path path) {
    RunDirectory run = RunDirectory.open(path);
    RunRecord seen = new RunRecord(path);
    return new RunState(
        run,
        seen.status(),
        epochs(run),
        seen.owner(),
        RunJobs.of(run),
        seen.lastExit(),
        seen.message(),
        seen.outcome(),
        seen.gpuTime());
  }

  private static OptionalInt epochs(RunDirectory run) {
    try {
      return Files.exists(run.properties())
          ? OptionalInt.of(Configuration.kept(run.properties()).settings().train().epochs())
          : OptionalInt.empty();
    } catch (ConfigurationException ofAnotherVersion) {
      return OptionalInt.empty();
    }
  }

  boolean isOwned() {
    return owner.map(RunOwner::lives).orElse(false);
  }

  /** One word: what its files tell, whatever the latest command did. */
  String word() {
    return switch (outcome) {
      case NEW -> isOwned() ? "starting" : "new";
      case KILLED -> "interrupted";
      default -> outcome.toString();
    };
  }

  /** "3/12". */
  String epoch() {
    int epoch = status.map(RunStatus::epoch).orElse(0);
    return epochs.isPresent() ? epoch + "/" + epochs.getAsInt() : Integer.toString(epoch);
  }

  /** Since the last checkpoint was written; empty before the first. */
  Optional<Duration> checkpointAge() {
    return status
        .map(RunStatus::checkpoint)
        .flatMap(name -> CheckpointName.parse(name.substring(name.lastIndexOf('/') + 1)))
        .flatMap(
            name -> {
              try {
                Path file = new Checkpoints(run.checkpoints()).file(name);
                Instant written = Files.getLastModifiedTime(file).toInstant();
                Duration age = Duration.between(written, Instant.now());
                return Optional.of(age.isNegative() ? Duration.ZERO : age);
              } catch (IOException gone) {
                return Optional.empty();
              }
            });
  }

  /**
   * The jobs that may still work, each once; the latest of all where none may. Where a scheduler
   * gives no answer, the latest of each stage.
   */
  List<JobState> shown(Map<SubmittedJob, JobState> states) {
    List<JobState> known = new ArrayList<>();
    for (SubmittedJob job : jobs) {
      if (states.containsKey(job)) {
        known.add(states.get(job));
      } else if (job.equals(latest(job.stage()))) {
        known.add(JobState.unknown(job));
      }
    }
    List<JobState> shown = new ArrayList<>();
    for (JobState state : known) {
      boolean isShown = shown.stream().anyMatch(other -> other.job().equals(state.job()));
      if (state.isActive() && !isShown) {
        shown.add(state);
      }
    }
    return shown.isEmpty() && !known.isEmpty() ? List.of(known.get(known.size() - 1)) : shown;
  }

  private SubmittedJob latest(String stage) {
    return jobs.stream()
        .filter(job -> job.stage().equals(stage))
        .reduce((before, last) -> last)
        .orElseThrow();
  }
}
