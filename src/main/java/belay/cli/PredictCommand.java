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
import belay.data.ImageFormat;
import belay.data.augment.TestViews;
import belay.data.source.ImageFiles;
import belay.data.source.ImageQuery;
import belay.error.ConfigurationException;
import belay.error.DataException;
import belay.job.JobContext;
import belay.net.Shape;
import belay.predict.Answers;
import belay.predict.EncoderOf;
import belay.predict.Ensemble;
import belay.predict.Prediction;
import belay.run.Devices;
import belay.run.Translation;
import belay.svm.SvmFile;
import belay.svm.SvmModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Classifies other images with a run's encoder and classifier. */
@Command(
    name = "predict",
    description = {
      "Classifies images with a run's network if it has logits, else with its encoder and SVM: a line"
          + " an image, and the accuracy where the files carry labels. IMAGES are files of records as"
          + " CIFAR-10 has them (a label byte, then planes of pixels), pictures, which are scaled to"
          + " what the network takes, directories of both, and data sets in any format, for their test"
          + " images.",
      ""
    })
final class PredictCommand implements Callable<Integer> {
  @Option(
      names = "--model",
      paramLabel = "FILE",
      description =
          "The SVM, or a run for its svm.h5; if not given --run's network with logits, or its SVM.")
  private Path model;

  @Option(
      names = "--run",
      paramLabel = "DIR",
      converter = RunPath.class,
      description = "The run whose encoder to use; the model's directory if not given.")
  private Path run;

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description =
          "The network's checkpoint; else the best one, or the one that the SVM was trained with.")
  private Path checkpoint;

  @ArgGroup private Form form = new Form();

  private static final class Form {
    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(names = "--csv", description = "Print comma-separated values.")
    private boolean csv;
  }

  @Parameters(paramLabel = "IMAGES", arity = "1..*", description = "Files and directories.")
  private List<Path> images;

  @Mixin private ViewsOption views;

  @Mixin private ConfigurationOptions options;

  @Override
  public Integer call() {
    if (model == null && run == null) {
      throw new ConfigurationException("Say which classifier: --model svm.h5, or --run DIR");
    }
    boolean isNetwork = model == null && BestOf.classifies(RunDirectory.open(run));
    Answers answers = isNetwork ? byNetwork(RunDirectory.open(run)) : bySvm();
    System.out.print(form.json ? answers.json() : form.csv ? answers.csv() : answers.text());
    return 0;
  }

  private Answers byNetwork(RunDirectory directory) {
    Checkpoint network =
        checkpoint == null ? BestOf.run(directory) : CheckpointFile.read(checkpoint);
    Ensemble.refuseDecoder(network);
    Settings settings = options.load(directory.properties()).settings();
    ImageFiles.Named named = named(settings, network, network.network().classes());
    try (Backend backend = Devices.open(settings, JobContext.local())) {
      Ensemble alone = new Ensemble(backend, List.of(network), settings.extract().batch());
      return new Answers(
          network.classNames(), named, alone.of(named.images(), views.get()).labels());
    }
  }

  private Answers bySvm() {
    if (views.get() != TestViews.NONE) {
      throw new ConfigurationException(
          "--views is for networks with logits; an SVM sees images alone");
    }
    Path file = model == null ? ofRun(run) : Files.isDirectory(model) ? ofRun(model) : model;
    SvmModel classifier = SvmFile.readModel(file);
    Checkpoint encoder = new EncoderOf(file).find(directory(file), checkpoint);
    checkFit(file, classifier, encoder);
    Settings settings = options.load(directory(file).properties()).settings();
    int highest = Arrays.stream(classifier.classes()).max().orElseThrow();
    ImageFiles.Named named = named(settings, encoder, highest + 1);
    int[] predictions;
    try (Backend backend = Devices.open(settings, JobContext.local())) {
      predictions =
          new Prediction(
                  backend,
                  encoder,
                  classifier,
                  Translation.svmSpec(settings, Devices.threads(settings, JobContext.local())),
                  settings.extract().batch())
              .of(named.images());
    }
    return new Answers(encoder.classNames(), named, predictions);
  }

  private static void checkFit(Path file, SvmModel classifier, Checkpoint encoder) {
    int features = encoder.network().latent().size();
    if (classifier.support().columns() != features) {
      throw new DataException(
          "%s: takes %d features, its encoder gives %d"
              .formatted(file, classifier.support().columns(), features));
    }
  }

  private static Path ofRun(Path directory) {
    Path file = RunDirectory.open(directory).svm();
    if (Files.notExists(file)) {
      throw new DataException(file + ": is not there; run belay classify with this --run first");
    }
    return file;
  }

  private RunDirectory directory(Path file) {
    return run != null
        ? RunDirectory.open(run)
        : RunDirectory.at(file.toAbsolutePath().normalize().getParent());
  }

  private ImageFiles.Named named(Settings settings, Checkpoint network, int classes) {
    Shape input = network.network().input();
    ImageFormat format = new ImageFormat(input.height(), input.width(), input.channels(), classes);
    return new ImageFiles(
            format, network.classNames(), place -> ImageQuery.of(settings.data(), place))
        .read(images);
  }
}
