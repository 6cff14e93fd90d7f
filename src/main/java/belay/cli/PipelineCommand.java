package belay.cli;

import belay.cli.option.RunOption;
import belay.run.PipelineStage;
import belay.run.StageRun;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** All stages in one process. */
@Command(
    name = "pipeline",
    description = {
      "Does train, extract and classify in one process: images and device are opened once, and on a"
          + " GPU the features stay there while RUN/features.h5 is written. Stages that are complete"
          + " are skipped, and the same command continues a run that was interrupted. At the end it"
          + " prints the confusion matrix and where the time went.",
      ""
    })
final class PipelineCommand implements Callable<Integer> {
  @Mixin private RunOption run;

  @Override
  public Integer call() {
    run.execute("pipeline", PipelineCommand::work);
    return 0;
  }

  /** All stages, with the time that the process took to begin. */
  static void work(StageRun run) {
    Main.times(run.timings());
    PipelineStage.run(run);
  }
}
