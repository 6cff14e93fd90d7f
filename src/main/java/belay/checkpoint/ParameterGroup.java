package belay.checkpoint;

import belay.hdf.BoundedReader;
import belay.hdf.Bounds;
import belay.hdf.Hdf5Reader;
import belay.hdf.Hdf5Writer;
import belay.net.Network;
import belay.net.Parameter;
import belay.net.Statistic;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.Stream;

/**
 * A vector with a value for each parameter of a network: a group with one dataset for each tensor.
 *
 * @param hasStatistics whether the network's statistics follow, as they do in its weights
 */
record ParameterGroup(String path, boolean hasStatistics) {
  private record Part(String dataset, List<Integer> shape, int offset, String axes, Bounds bounds) {
    int size() {
      return shape.stream().reduce(1, (a, b) -> a * b);
    }

    long[] extent() {
      return shape.stream().mapToLong(Integer::longValue).toArray();
    }
  }

  /** In the order of their offsets, without gaps. */
  private List<Part> parts(Network network, Bounds bounds) {
    Stream<Part> parameters = network.program().parameters().stream().map(p -> part(p, bounds));
    Stream<Part> statistics = network.program().statistics().stream().map(s -> part(s, bounds));
    return hasStatistics ? Stream.concat(parameters, statistics).toList() : parameters.toList();
  }

  private Part part(Parameter parameter, Bounds bounds) {
    return new Part(
        dataset(parameter.name()), parameter.shape(), parameter.offset(), axes(parameter), bounds);
  }

  private static String axes(Parameter parameter) {
    return switch (parameter.role()) {
      case KERNEL -> parameter.shape().size() == 4 ? "Kh, Kw, Cin, Cout" : "I, O";
      case BIAS -> "Cout";
      case SCALE, SHIFT -> "C";
    };
  }

  private Part part(Statistic statistic, Bounds bounds) {
    Bounds own =
        switch (statistic.kind()) {
          case MEAN -> bounds;
          case VARIANCE, DEVIATION -> Bounds.FROM_0;
        };
    return new Part(
        dataset(statistic.name()), List.of(statistic.size()), statistic.offset(), "C", own);
  }

  private String dataset(String name) {
    return path + "/" + name;
  }

  void write(Hdf5Writer writer, Network network, float[] vector) throws IOException {
    for (Part part : parts(network, Bounds.FINITE)) {
      writer
          .floats(
              part.dataset(), FloatBuffer.wrap(vector, part.offset(), part.size()), part.extent())
          .attribute("axes", part.axes())
          .attribute("units", "1");
    }
  }

  /** Whether the file has a part of it. */
  boolean isIn(Hdf5Reader reader) {
    return reader.datasets().stream().anyMatch(dataset -> dataset.startsWith(path + "/"));
  }

  /** All of it, or nothing but a problem. */
  float[] read(Hdf5Reader reader, Network network, Bounds bounds) {
    List<Part> parts = expected(reader, network, bounds);
    float[] vector = new float[parts.stream().mapToInt(Part::size).sum()];
    BoundedReader bounded = new BoundedReader(reader);
    parts.forEach(part -> bounded.floats(part.dataset(), part.bounds(), vector, part.offset()));
    return vector;
  }

  /** Looks at all of it without holding it. */
  void check(Hdf5Reader reader, Network network, Bounds bounds) {
    BoundedReader bounded = new BoundedReader(reader);
    expected(reader, network, bounds)
        .forEach(part -> bounded.checkFloats(part.dataset(), part.bounds()));
  }

  /** A network may claim more parameters than the file has bytes. */
  private List<Part> expected(Hdf5Reader reader, Network network, Bounds bounds) {
    List<Part> parts = parts(network, bounds);
    parts.forEach(part -> reader.expectShape(part.dataset(), "network", part.shape()));
    return parts;
  }

  List<String> datasets(Network network) {
    return parts(network, Bounds.FINITE).stream().map(Part::dataset).toList();
  }
}
