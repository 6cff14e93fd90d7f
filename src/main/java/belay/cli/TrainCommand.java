package belay.cli;

import belay.cli.option.RunOption;
import belay.run.TrainStage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Trains, or goes on training. */
@Command(
    name = "train",
    description = {
      "Trains the autoencoder. The same command continues a run that was interrupted, bit for bit"
          + " as if it had not been, and ends at once when the run is complete.",
      ""
    })
final class TrainCommand implements Callable<Integer> {
  @Mixin private RunOption run;

  @Override
  public Integer call() {
    run.execute("train", TrainStage::run);
    return 0;
  }
}
