package belay.checkpoint;

import belay.hdf.BoundedReader;
import belay.hdf.Bounds;
import belay.hdf.Hdf5Reader;
import belay.hdf.Hdf5Writer;
import belay.net.Network;
import belay.net.Parameter;
import java.io.IOException;
import java.nio.FloatBuffer;

/** A vector as long as a network's parameters: a group with one dataset for each parameter. */
record ParameterGroup(String path) {

  void write(Hdf5Writer writer, Network network, float[] vector) throws IOException {
    for (Parameter parameter : network.program().parameters()) {
      FloatBuffer values = FloatBuffer.wrap(vector, parameter.offset(), parameter.size());
      long[] shape = parameter.shape().stream().mapToLong(Integer::longValue).toArray();
      writer
          .floats(dataset(parameter), values, shape)
          .attribute("axes", axes(parameter))
          .attribute("units", "1");
    }
  }

  private static String axes(Parameter parameter) {
    return switch (parameter.role()) {
      case KERNEL -> parameter.shape().size() == 4 ? "Kh, Kw, Cin, Cout" : "I, O";
      case BIAS -> "Cout";
      case SCALE, SHIFT -> "C";
    };
  }

  /** Whether the file has a part of it. */
  boolean isIn(Hdf5Reader reader) {
    return reader.datasets().stream().anyMatch(dataset -> dataset.startsWith(path + "/"));
  }

  /** All of it, or nothing but a problem. */
  float[] read(Hdf5Reader reader, Network network, Bounds bounds) {
    expectShapes(reader, network); // a network may claim more parameters than the file has bytes
    float[] vector = new float[network.parameterCount()];
    BoundedReader bounded = new BoundedReader(reader);
    for (Parameter parameter : network.program().parameters()) {
      bounded.floats(dataset(parameter), bounds, vector, parameter.offset());
    }
    return vector;
  }

  /** Looks at all of it without holding it. */
  void check(Hdf5Reader reader, Network network, Bounds bounds) {
    expectShapes(reader, network);
    BoundedReader bounded = new BoundedReader(reader);
    for (Parameter parameter : network.program().parameters()) {
      bounded.checkFloats(dataset(parameter), bounds);
    }
  }

  private void expectShapes(Hdf5Reader reader, Network network) {
    for (Parameter parameter : network.program().parameters()) {
      reader.expectShape(dataset(parameter), "network", parameter.shape());
    }
  }

  String dataset(Parameter parameter) {
    return path + "/" + parameter.name();
  }
}
