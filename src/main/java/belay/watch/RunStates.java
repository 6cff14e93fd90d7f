package belay.watch;

import belay.cluster.JobLookup;
import belay.cluster.JobState;
import belay.cluster.SubmittedJob;
import belay.error.BelayException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where runs and their jobs stand.
 *
 * @param runs that could be read
 * @param jobs that schedulers have told about
 * @param problems of the other runs, a line each
 */
public record RunStates(
    List<RunState> runs, Map<SubmittedJob, JobState> jobs, List<String> problems) {
  /** Reads a few small files of each run, and asks each scheduler once. */
  public static RunStates ask(List<Path> runs, JobLookup lookup) {
    List<RunState> states = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (Path run : runs) {
      try {
        states.add(RunState.read(run));
      } catch (BelayException e) { // must not hide the others
        problems.add(e.getMessage());
      }
    }
    List<SubmittedJob> jobs = states.stream().flatMap(run -> run.jobs().stream()).toList();
    return new RunStates(states, lookup.states(jobs), problems);
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
