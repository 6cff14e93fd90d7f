package belay.watch;

import belay.cluster.JobLookup;
import belay.cluster.JobState;
import belay.cluster.SubmittedJob;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Where runs and their jobs stand.
 *
 * @param jobs that schedulers have told about
 */
public record RunStates(List<RunState> runs, Map<SubmittedJob, JobState> jobs) {
  /** Reads a few small files of each run, and asks each scheduler once. */
  public static RunStates ask(List<Path> runs, JobLookup lookup) {
    List<RunState> states = runs.stream().map(RunState::read).toList();
    return new RunStates(
        states, lookup.states(states.stream().flatMap(run -> run.jobs().stream()).toList()));
  }

  /** Whether a run has a job that may begin or go on, or a process. */
  public boolean mayMove() {
    return runs.stream().anyMatch(run -> Vigil.moves(run.isOwned(), run.jobs(), jobs));
  }

  /** The jobs of a run that are worth a word. */
  List<JobState> shown(RunState run) {
    return run.shown(jobs);
  }
}
