package belay.cli;

import belay.hdf.Hdf5Reader;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows what is in a file. */
@Command(
    name = "inspect",
    description = {
      "Checks a checkpoint, feature file or SVM model against its own digests and prints what is in"
          + " it.",
      ""
    })
final class InspectCommand implements Callable<Integer> {
  private static final int SHORT_DIGEST = 12;

  @Parameters(paramLabel = "FILE", description = "An HDF5 file that belay wrote.")
  private Path file;

  @Override
  public Integer call() {
    try (Hdf5Reader reader = Hdf5Reader.open(file)) {
      reader.verify();
      System.out.printf("%s: whole, every digest is right%n", file);
      reader.described().stream()
          .filter(object -> !reader.has(object))
          .forEach(group -> attributes(reader, group));
      System.out.printf("%n%-44s %-8s %-20s %s%n", "dataset", "type", "shape", "sha256");
      reader.datasets().forEach(dataset -> line(reader, dataset));
    }
    return 0;
  }

  private static void attributes(Hdf5Reader reader, String group) {
    System.out.printf("%n%s%n", group);
    reader
        .attributes(group)
        .forEach((name, value) -> System.out.printf("  %-22s %s%n", name, value));
  }

  private static void line(Hdf5Reader reader, String dataset) {
    System.out.printf(
        "%-44s %-8s %-20s %s%n",
        dataset,
        reader.type(dataset),
        reader.shapeText(dataset),
        reader.sha256(dataset).substring(0, SHORT_DIGEST));
  }
}
