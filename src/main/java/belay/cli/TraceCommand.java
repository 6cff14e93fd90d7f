package belay.cli;

import belay.checkpoint.Checkpoints;
import belay.checkpoint.RunDirectory;
import belay.error.DataException;
import belay.inspect.Trail;
import belay.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows where a file came from. */
@Command(
    name = "trace",
    description = {
      "Walks from an SVM model, features or a checkpoint back to the images, computes each digest"
          + " anew and says who made what. Ends with exit code 3 if a link is missing or wrong.",
      ""
    })
final class TraceCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "FILE",
      description =
          "A file of a run, where the run wrote it; of a run directory its svm.h5, or else its"
              + " features.h5, or else its newest checkpoint.")
  private Path file;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where the images are now, if no longer in the data.dir of the training.")
  private Path data;

  @Option(names = "--json", description = "Print a JSON array of the links.")
  private boolean json;

  @Override
  public Integer call() {
    Trail trail = Trail.of(youngest(), Optional.ofNullable(data));
    System.out.print(json ? Json.page(trail.links()) : trail.table().text());
    if (trail.broken() > 0) {
      throw new DataException(
          "%s: %d of its links are missing or wrong, see above".formatted(file, trail.broken()));
    }
    return 0;
  }

  private Path youngest() {
    if (!Files.isDirectory(file)) {
      return file;
    }
    RunDirectory run = RunDirectory.open(file);
    Checkpoints checkpoints = new Checkpoints(run.checkpoints());
    return Stream.concat(
            Stream.of(run.svm(), run.features()).filter(Files::exists),
            checkpoints.list().stream().map(checkpoints::file))
        .findFirst()
        .orElseThrow(() -> new DataException(file + ": has no checkpoint yet; nothing to trace"));
  }
}
