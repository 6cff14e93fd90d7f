package belay.cli;

import belay.backend.Backend;
import belay.checkpoint.BestOf;
import belay.checkpoint.Checkpoint;
import belay.checkpoint.CheckpointFile;
import belay.checkpoint.RunDirectory;
import belay.cli.option.ConfigurationOptions;
import belay.cli.option.RunPath;
import belay.cli.option.ViewsOption;
import belay.conf.settings.Settings;
import belay.data.Dataset;
import belay.data.ImageSet;
import belay.data.source.Reading;
import belay.error.ConfigurationException;
import belay.job.JobContext;
import belay.job.StopSignals;
import belay.predict.Ensemble;
import belay.predict.Evaluated;
import belay.run.Devices;
import belay.run.Inputs;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Judges networks that classify. */
@Command(
    name = "evaluate",
    description = {
      "Tells how many test images a run's network with logits gets right, class by class, with its"
          + " best checkpoint. Several runs vote: the mean of their softmax. Writes nothing into a"
          + " run.",
      ""
    })
final class EvaluateCommand implements Callable<Integer> {
  /** Part of the images. */
  enum Part {
    TEST,
    VALIDATION,
    TRAIN
  }

  @Parameters(
      paramLabel = "RUN",
      arity = "1..*",
      converter = RunPath.class,
      description = "Run directories. The first one's configuration says which images.")
  private List<Path> runs;

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description = "The network of a single run; its best one if not given.")
  private Path checkpoint;

  @Option(
      names = "--images",
      paramLabel = "PART",
      description =
          "test, validation (held out by data.validation) or train; ${DEFAULT-VALUE} if not given.")
  private Part part = Part.TEST;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private ViewsOption views;

  @Mixin private ConfigurationOptions options;

  @Override
  public Integer call() {
    if (checkpoint != null && runs.size() > 1) {
      throw new ConfigurationException(
          "--checkpoint is of one run, %d are given".formatted(runs.size()));
    }
    List<RunDirectory> directories = runs.stream().map(RunDirectory::open).toList();
    List<Checkpoint> networks =
        checkpoint == null
            ? directories.stream().map(BestOf::run).toList()
            : List.of(CheckpointFile.read(checkpoint));
    Settings settings = options.load(directories.get(0).properties()).settings();
    Evaluated evaluated;
    try (Backend backend = Devices.open(settings, JobContext.local())) {
      Ensemble ensemble = new Ensemble(backend, networks, settings.extract().batch());
      Inputs inputs = inputs(networks, settings);
      ImageSet images = images(inputs.dataset());
      evaluated =
          Evaluated.of(
              networks, inputs.dataset().classNames(), images, ensemble.of(images, views.get()));
    }
    System.out.print(json ? evaluated.json() : evaluated.text());
    return 0;
  }

  private Inputs inputs(List<Checkpoint> networks, Settings settings) {
    Inputs inputs = Inputs.of(networks.get(0).network(), settings, reading(settings));
    inputs.refuseOtherClasses(networks.get(0).classNames());
    if (part != Part.TEST) {
      networks.forEach(network -> refuseOtherParts(network, inputs.dataset().digest()));
    }
    return inputs;
  }

  /** What one network held out may have trained another. */
  private void refuseOtherParts(Checkpoint network, String digest) {
    if (!digest.equals(network.provenance().get("data-digest"))) {
      throw new ConfigurationException(
          "--images %s: %s after epoch %d was trained with other images, or held out others (data.validation, train.seed, train.limit)"
              .formatted(
                  part.name().toLowerCase(Locale.ROOT),
                  network.network().name(),
                  network.progress().epoch()));
    }
  }

  private static Reading reading(Settings settings) {
    return new Reading(Devices.threads(settings, JobContext.local()), StopSignals::requested);
  }

  private ImageSet images(Dataset dataset) {
    return switch (part) {
      case TEST -> dataset.test();
      case TRAIN -> dataset.train();
      case VALIDATION ->
          dataset
              .validation()
              .orElseThrow(
                  () ->
                      new ConfigurationException(
                          "No images were held out: the run has data.validation = 0"));
    };
  }
}
