package belay.cli;

import belay.backend.Backend;
import belay.checkpoint.Checkpoint;
import belay.checkpoint.RunDirectory;
import belay.cluster.JobContext;
import belay.conf.Settings;
import belay.data.ImageFiles;
import belay.data.ImageFormat;
import belay.error.ConfigurationException;
import belay.json.Json;
import belay.net.Shape;
import belay.report.Table;
import belay.svm.SvmFile;
import belay.svm.SvmModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Classifies other images with a run's encoder and classifier. */
@Command(
    name = "predict",
    description = {
      "Classifies images with a run's encoder and SVM: a line an image, and the accuracy where the"
          + " files carry labels. IMAGES are files of records as CIFAR-10 has them (a label byte,"
          + " then planes of pixels), PNG or JPEG pictures of the encoder's size, and directories of"
          + " such files.",
      ""
    })
final class PredictCommand implements Callable<Integer> {
  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "The classifier; svm.h5 of the run if not given.")
  private Path model;

  @Option(
      names = "--run",
      paramLabel = "DIR",
      description = "The run whose encoder to use; the model's directory if not given.")
  private Path run;

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description = "The encoder's checkpoint; else the one that the classifier was trained with.")
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

  @Mixin private ConfigurationOptions options;

  @Override
  public Integer call() {
    if (model == null && run == null) {
      throw new ConfigurationException("Say which classifier: --model svm.h5, or --run DIR");
    }
    Path file = model == null ? RunDirectory.open(run).svm() : model;
    SvmModel classifier = SvmFile.readModel(file);
    Checkpoint encoder = new EncoderOf(file).find(directory(file), checkpoint);
    ImageFiles.Named named = new ImageFiles(format(encoder, classifier)).read(images);
    Settings settings = options.load(directory(file).properties()).settings();
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
    print(encoder.classNames(), named, predictions);
    return 0;
  }

  private RunDirectory directory(Path file) {
    return run != null
        ? RunDirectory.open(run)
        : RunDirectory.at(file.toAbsolutePath().normalize().getParent());
  }

  private static ImageFormat format(Checkpoint encoder, SvmModel classifier) {
    Shape input = encoder.network().input();
    int highest = Arrays.stream(classifier.classes()).max().orElseThrow();
    return new ImageFormat(input.height(), input.width(), input.channels(), highest + 1);
  }

  private void print(List<String> names, ImageFiles.Named named, int[] predictions) {
    boolean isLabelled = Arrays.stream(named.labels()).anyMatch(label -> label >= 0);
    Table table = isLabelled ? new Table("image", "class", "label") : new Table("image", "class");
    int labelled = 0;
    int right = 0;
    for (int i = 0; i < predictions.length; i++) {
      int label = named.labels()[i];
      String truth = label < 0 ? null : name(names, label);
      String image = named.names().get(i);
      String predicted = name(names, predictions[i]);
      table = isLabelled ? table.row(image, predicted, truth) : table.row(image, predicted);
      labelled += label < 0 ? 0 : 1;
      right += label == predictions[i] ? 1 : 0;
    }
    if (form.json) {
      Map<String, Object> page = new LinkedHashMap<>();
      page.put("predictions", table.records());
      if (isLabelled) {
        page.put("labelled", labelled);
        page.put("right", right);
        page.put("accuracy", (double) right / labelled);
      }
      System.out.print(Json.page(page));
    } else if (form.csv) {
      System.out.print(csv(table));
    } else {
      System.out.print(table.text());
      if (isLabelled) {
        System.out.printf(
            Locale.ROOT,
            "accuracy %.2f %% (%d of %d)%n",
            100.0 * right / labelled,
            right,
            labelled);
      }
    }
  }

  private static String name(List<String> names, int label) {
    return label < names.size() ? names.get(label) : Integer.toString(label);
  }

  private static String csv(Table table) {
    StringBuilder text = new StringBuilder();
    for (Map<String, Object> record : table.records()) {
      if (text.isEmpty()) {
        text.append(String.join(",", record.keySet())).append('\n');
      }
      text.append(
          record.values().stream()
              .map(cell -> cell == null ? "" : quoted(cell.toString()))
              .collect(Collectors.joining(",", "", "\n")));
    }
    return text.toString();
  }

  /** RFC 4180. */
  private static String quoted(String cell) {
    return cell.matches("[^\",\r\n]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
