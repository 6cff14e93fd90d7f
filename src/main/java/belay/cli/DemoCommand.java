package belay.cli;

import belay.checkpoint.RunDirectory;
import belay.cli.option.ConfigurationOptions;
import belay.conf.Configuration;
import belay.run.StageRun;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Everything once, on images made here. */
@Command(
    name = "demo",
    description = {
      "Does everything once, without any download: makes a synthetic data set, trains a small"
          + " autoencoder, extracts features, trains and judges the SVM.",
      ""
    })
final class DemoCommand implements Callable<Integer> {
  private static final long SEED = 1;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Where to do it, ${DEFAULT-VALUE} if not given; may be deleted afterwards.")
  private Path directory = Path.of("belay-demo");

  @Override
  public Integer call() {
    Path data = directory.resolve("data");
    Path run = directory.resolve("run");
    SampleCommand.write(data, 2000, 500, SEED);
    Configuration configuration = options(data).load(RunDirectory.at(run).properties());
    StageRun.execute("pipeline", run, configuration, PipelineCommand::work);
    explain(data, run);
    return 0;
  }

  /** What conf/run/demo.properties says, on these images. */
  private static ConfigurationOptions options(Path data) {
    return new ConfigurationOptions().withFile("demo").with("data.dir=" + data);
  }

  private static void explain(Path data, Path run) {
    System.out.printf(
        """

        Everything of this run lies in %2$s:
          run.properties    the configuration        checkpoints/   weights after each epoch, HDF5
          status.json       where the run stands     features.h5    latent features, HDF5
          metrics.jsonl     a line an epoch          svm.h5         the classifier, HDF5
          attempts.jsonl    who worked on it         logs/          what was said
        The images lie in %1$s. Look into any file with: java -jar belay.jar inspect FILE
        """,
        data, run);
  }
}
