package belay.cli;

import belay.checkpoint.RunDirectory;
import belay.cli.option.ConfigurationOptions;
import belay.cli.option.RunArguments;
import belay.cluster.Cancellation;
import belay.cluster.JobState;
import belay.cluster.SubmittedJob;
import belay.watch.RunJobs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Ends the jobs of runs. */
@Command(
    name = "cancel",
    description = {
      "Cancels all jobs of the runs, so that they stay ended. Nothing of the run is lost: belay"
          + " submit goes on with it.",
      ""
    })
final class CancelCommand implements Callable<Integer> {
  @Mixin private RunArguments runs;

  @Mixin private ConfigurationOptions configuration;

  @Override
  public Integer call() {
    Duration timeout = configuration.schedulerTimeout();
    List<SubmittedJob> jobs = new ArrayList<>();
    runs.paths().forEach(run -> jobs.addAll(RunJobs.of(RunDirectory.open(run))));
    Collection<JobState> cancelled = new Cancellation(timeout).cancel(jobs);
    for (JobState state : cancelled) {
      System.out.printf("%s %s cancelled, was %s%n", state.job(), stage(state), state.word());
    }
    if (cancelled.isEmpty()) {
      System.out.println("No job of these runs is waiting or running.");
    }
    return 0;
  }

  private static String stage(JobState state) {
    return state.submitted().stage();
  }
}
