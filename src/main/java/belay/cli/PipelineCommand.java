package belay.cli;

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
  @Mixin private ConfigurationOptions configuration;

  @Override
  public Integer call() {
    StageRun.execute("pipeline", run.path(), configuration, PipelineStage::run);
    return 0;
  }
}
