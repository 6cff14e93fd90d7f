package belay.cli;

import belay.hdf.Hdf5Reader;
import belay.net.Layer;
import belay.net.Network;
import belay.net.Parameter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows what is in a file. */
@Command(
    name = "inspect",
    description = {
      "Checks a checkpoint, feature file or SVM model against its own digests, or a network file for"
          + " mistakes, and prints what is in it.",
      ""
    })
final class InspectCommand implements Callable<Integer> {
  private static final int SHORT_DIGEST = 12;

  @Parameters(paramLabel = "FILE", description = "An HDF5 file that belay wrote, or a .net file.")
  private Path file;

  @Override
  public Integer call() {
    if (file.toString().endsWith(".net")) {
      print(NetworkSource.load(file.toString()));
    } else {
      try (Hdf5Reader reader = Hdf5Reader.open(file)) {
        print(reader);
      }
    }
    return 0;
  }

  private void print(Hdf5Reader reader) {
    reader.verify();
    System.out.printf("%s: whole, every digest is right%n", file);
    reader.described().stream()
        .filter(object -> !reader.has(object))
        .forEach(group -> attributes(reader, group));
    System.out.printf("%n%-44s %-8s %-20s %s%n", "dataset", "type", "shape", "sha256");
    reader.datasets().forEach(dataset -> line(reader, dataset));
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

  private static void print(Network network) {
    System.out.printf("%-10s %-14s %s%n", "layer", "output", "parameters");
    System.out.printf("%-10s %-14s%n", "input", network.input());
    int value = 0;
    for (Layer layer : network.layers()) {
      value += layer instanceof Layer.Latent ? 0 : 1; // a mark defines no value
      System.out.printf(
          "%-10s %-14s %s%n",
          layer.name(), network.program().shape(value), parameters(network, layer));
    }
    System.out.printf(
        "%,d parameters, %,d latent features%n", network.parameterCount(), network.latent().size());
  }

  private static String parameters(Network network, Layer layer) {
    int count =
        network.program().parameters().stream()
            .filter(parameter -> parameter.name().startsWith(layer.name() + "/"))
            .mapToInt(Parameter::size)
            .sum();
    return count == 0 ? "" : "%,d".formatted(count);
  }
}
