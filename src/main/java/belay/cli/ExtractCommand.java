package belay.cli;

import belay.cli.option.RunOption;
import belay.run.ExtractStage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes the features. */
@Command(
    name = "extract",
    description = {
      "Writes the latent features of all training and test images to RUN/features.h5. Features of"
          + " the same checkpoint and images are not computed again.",
      ""
    })
final class ExtractCommand implements Callable<Integer> {
  @Mixin private RunOption run;

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description = "Of which checkpoint; else the best one, after training.")
  private String checkpoint;

  @Override
  public Integer call() {
    run.mustExist().execute("extract", stage -> ExtractStage.run(stage, checkpoint));
    return 0;
  }
}
