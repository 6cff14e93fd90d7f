package belay.cli;

import belay.backend.Backend;
import belay.cli.option.OptionRange;
import belay.cli.option.RunPath;
import belay.error.ConfigurationException;
import belay.error.DataException;
import belay.error.ExitCode;
import belay.inspect.Comparison;
import belay.inspect.Inspection;
import belay.inspect.NetworkSheet;
import belay.inspect.Pictures;
import belay.inspect.Sheet;
import belay.json.Json;
import belay.run.Devices;
import belay.run.NetworkSource;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what is in a file or a run. */
@Command(
    name = "inspect",
    description = {
      "Checks a checkpoint, feature file or SVM model against its own digests, a run directory with"
          + " all its files, or a network file for mistakes, and prints what is in it, networks with their graph. Ends with exit"
          + " code 3 if a file is damaged.",
      ""
    })
final class InspectCommand implements Callable<Integer> {
  private static final System.Logger LOG = System.getLogger("belay.inspect");

  @Parameters(
      paramLabel = "FILE",
      converter = RunPath.class,
      description = "An HDF5 file that belay wrote, a run directory, or a .net file.")
  private Path file;

  @Option(
      names = "--diff",
      paramLabel = "OTHER",
      converter = RunPath.class,
      description =
          "Say instead how OTHER differs from FILE: configuration, attributes, and every dataset bit"
              + " by bit. Of two run directories the newest checkpoints, features.h5 and svm.h5 are"
              + " compared; beside a file, a run's newest checkpoint is taken. Ends with exit code 8 if"
              + " anything differs but times, configuration and provenance, or only one run has a file.")
  private Path other;

  @Option(names = "--json", description = "Print one JSON object, with every digit.")
  private boolean json;

  @Option(
      names = "--images",
      paramLabel = "DIR",
      description =
          "Also write into DIR what a checkpoint has learnt: filters.png, the first layer's filters,"
              + " and reconstructions.png, test images with what comes back below them.")
  private Path images;

  @Option(
      names = "--augmented",
      paramLabel = "N",
      description =
          "Also write augmented.png into the DIR of --images: the first N training images, each with"
              + " its views in epochs 1 to 8.")
  private int augmented;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where the images are now, if no longer in the data.dir of the training.")
  private Path data;

  @Override
  public Integer call() {
    if (augmented != 0) {
      OptionRange.within(1, 1000, "--augmented", augmented);
    }
    if (augmented != 0 && images == null) {
      throw new ConfigurationException("--augmented wants a directory to write into: --images DIR");
    }
    Sheet sheet = sheet();
    if (images != null) {
      draw();
    }
    System.out.print(json ? Json.page(sheet.json()) : sheet.text());
    if (sheet.damaged() > 0) {
      throw new DataException(
          "%s: %d of its files are damaged, see above".formatted(file, sheet.damaged()));
    }
    return (sheet.isDifferent() ? ExitCode.DIFFERENT : ExitCode.DONE).code();
  }

  private void draw() {
    try (Backend backend = Devices.forLooking()) {
      Pictures.write(file, backend, Optional.ofNullable(data), images)
          .forEach(InspectCommand::tell);
    }
    if (augmented != 0) {
      tell(Pictures.writeAugmented(file, Optional.ofNullable(data), augmented, images));
    }
  }

  private static void tell(Path picture) {
    LOG.log(System.Logger.Level.INFO, "picture=" + picture);
  }

  private Sheet sheet() {
    if (other != null) {
      return Comparison.of(file, other);
    }
    return file.toString().endsWith(".net")
        ? NetworkSheet.of(NetworkSource.load(file.toString()))
        : Inspection.of(file);
  }
}
