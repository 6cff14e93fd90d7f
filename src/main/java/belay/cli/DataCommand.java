package belay.cli;

import belay.cli.option.ConfigurationOptions;
import belay.conf.settings.Settings;
import belay.data.source.ImageQuery;
import belay.data.source.ImageSource;
import belay.data.source.ImageSources;
import belay.data.source.Images;
import belay.data.source.Reading;
import belay.error.DataException;
import belay.inspect.ImageSheet;
import belay.inspect.Sheet;
import belay.job.JobContext;
import belay.job.StopSignals;
import belay.json.Json;
import belay.net.Network;
import belay.run.Devices;
import belay.run.Inputs;
import belay.run.NetworkSource;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what images are at a place. */
@Command(
    name = "data",
    description = {
      "Says in which format images are, how many of each class, how large, and what mean and"
          + " deviation their channels have. Reads records of CIFAR-10 and CIFAR-100, IDX files,"
          + " HDF5 files and a directory of pictures for each class. Ends with exit code 3 if a"
          + " picture cannot be read.",
      ""
    })
final class DataCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "As data.dir: a directory, or an HDF5 file.")
  private Path place;

  @Option(names = "--json", description = "Print one JSON object, with every digit.")
  private boolean json;

  @Mixin private ConfigurationOptions options;

  @Override
  public Integer call() {
    Settings settings = options.load().settings();
    Network network = NetworkSource.load(settings.train().network());
    // Damaged pictures are what this command is to find, whatever training does with them.
    ImageQuery query = ImageQuery.of(settings.data(), place).skipDamaged(true);
    ImageSource source = ImageSources.find(query, Inputs.imageShape(network.input()));
    int threads = Devices.threads(settings, JobContext.local());
    Images images = source.read(new Reading(threads, StopSignals::requested));
    Sheet sheet = ImageSheet.of(source, images, network);
    System.out.print(json ? Json.page(sheet.json()) : sheet.text());
    if (sheet.damaged() > 0) {
      throw new DataException(
          "%s: %d pictures cannot be read, see above".formatted(place, sheet.damaged()));
    }
    return 0;
  }
}
