package belay.checkpoint;

import belay.error.BelayException;
import belay.error.ConfigurationException;
import belay.error.DataException;
import belay.hdf.Hdf5Reader;
import belay.hdf.Hdf5Writer;
import belay.net.Network;
import belay.net.Parameter;
import belay.net.TrainState;
import belay.storage.Fence;
import belay.train.Progress;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Checkpoints as HDF5 files; reading gives back every bit that was written. */
public final class CheckpointFile {
  private static final String FORMAT = "belay-checkpoint";
  private static final long VERSION = 2; // 1 lacks epoch_seconds and the later columns of /metrics
  private static final String WEIGHTS = "/weights";
  private static final String FIRST_MOMENT = "/optimizer/first_moment";
  private static final String SECOND_MOMENT = "/optimizer/second_moment";

  private CheckpointFile() {}

  /**
   * Writes beside the file, forces to disk, reads back and renames.
   *
   * @param fence asked before the file appears
   * @throws IOException naming file and reason, for example a full disk; an old file stays
   */
  public static void write(Path file, Checkpoint checkpoint, Fence fence) throws IOException {
    try (Hdf5Writer writer = Hdf5Writer.create(file)) {
      write(writer, checkpoint);
      writer.publish(fence);
    }
  }

  static void write(Hdf5Writer writer, Checkpoint checkpoint) throws IOException {
    describe(writer);
    writeState(writer, checkpoint.network(), checkpoint.state());
    writeProgress(writer, checkpoint.state(), checkpoint.progress());
    EpochTable.write(writer, checkpoint.progress().history(), checkpoint.network());
    writeNetwork(writer, checkpoint.network());
    writeTexts(writer, "/configuration", checkpoint.configuration());
    writeTexts(writer, "/provenance", checkpoint.provenance());
    writer
        .strings("/classes", checkpoint.classNames())
        .attribute("description", "name of each label");
  }

  /**
   * @throws DataException if the file is missing, damaged or no checkpoint
   */
  public static Checkpoint read(Path file) {
    try (Hdf5Reader reader = open(file)) {
      Network network = readNetwork(reader);
      Checkpoint checkpoint =
          new Checkpoint(
              readState(reader, network),
              readProgress(reader, network),
              network,
              reader.texts("/configuration"),
              reader.texts("/provenance"),
              reader.strings("/classes"));
      if (integer(reader, "/progress", "epoch") != checkpoint.progress().epoch()) {
        throw reader.problem(
            "/progress@epoch is %d, /metrics has %d rows"
                .formatted(integer(reader, "/progress", "epoch"), checkpoint.progress().epoch()));
      }
      checkNothingElse(reader, network);
      return checkpoint;
    }
  }

  /**
   * What a checkpoint says about itself, without the state.
   *
   * @param configuration effective values by key
   * @param provenance what is worth knowing about the origin
   * @param classNames a name for each label
   */
  public record Outline(
      Network network,
      Map<String, String> configuration,
      Map<String, String> provenance,
      List<String> classNames) {}

  /**
   * Everything but the state: quick, however large the network is.
   *
   * @throws DataException if the file is missing, damaged or no checkpoint
   */
  public static Outline readOutline(Path file) {
    try (Hdf5Reader reader = open(file)) {
      return new Outline(
          readNetwork(reader),
          reader.texts("/configuration"),
          reader.texts("/provenance"),
          reader.strings("/classes"));
    }
  }

  /**
   * The parameter vector alone.
   *
   * @param network whose parameters the file must have
   * @throws DataException if the file is missing, damaged, or of another network
   */
  public static float[] readWeights(Path file, Network network) {
    try (Hdf5Reader reader = open(file)) {
      return readVector(reader, WEIGHTS, network);
    }
  }

  private static void describe(Hdf5Writer writer) {
    writer
        .group("/")
        .attribute("format", FORMAT)
        .attribute("version", VERSION)
        .attribute("description", "State of a training between two steps: belay resumes from it")
        .attribute(
            "verify", "/manifest lists every dataset and attribute with its SHA-256; it says how");
  }

  private static void writeState(Hdf5Writer writer, Network network, TrainState state)
      throws IOException {
    writeVector(writer, WEIGHTS, network, state.weights());
    writeVector(writer, FIRST_MOMENT, network, state.firstMoment());
    writeVector(writer, SECOND_MOMENT, network, state.secondMoment());
    writer
        .group(WEIGHTS)
        .attribute("description", "trained parameters, one group for each layer: w, b");
    writer
        .group("/optimizer")
        .attribute("description", "running moments of the gradient, shaped as the weights");
  }

  private static void writeVector(Hdf5Writer writer, String group, Network network, float[] vector)
      throws IOException {
    if (vector.length == 0) {
      return;
    }
    for (Parameter parameter : network.program().parameters()) {
      FloatBuffer values = FloatBuffer.wrap(vector, parameter.offset(), parameter.size());
      long[] shape = parameter.shape().stream().mapToLong(Integer::longValue).toArray();
      writer
          .floats(group + "/" + parameter.name(), values, shape)
          .attribute("axes", parameter.isBias() ? "Cout" : "Kh, Kw, Cin, Cout")
          .attribute("units", "1");
    }
  }

  private static void writeProgress(Hdf5Writer writer, TrainState state, Progress progress) {
    writer
        .group("/progress")
        .attribute("description", "epoch: finished epochs; step: optimiser steps; position: images")
        .attribute("epoch", progress.epoch())
        .attribute("position", progress.position())
        .attribute("epoch_seconds", progress.seconds())
        .attribute("step", state.step())
        .attribute("loss_sum", state.lossSum())
        .attribute("loss_images", state.lossImages());
  }

  private static void writeNetwork(Hdf5Writer writer, Network network) throws IOException {
    writer
        .strings("/network/text", List.of(network.text().split("\n", -1)))
        .attribute("description", "the network file, line by line");
    writer
        .group("/network")
        .attribute("name", network.name())
        .attribute("sha256", network.digest())
        .attribute("description", "sha256 is that of the layers without comments and spacing");
  }

  private static void writeTexts(Hdf5Writer writer, String group, Map<String, String> texts) {
    texts.forEach((name, text) -> writer.group(group).attribute(name, text));
  }

  private static Hdf5Reader open(Path file) {
    Hdf5Reader reader = Hdf5Reader.open(file);
    try {
      checkFormat(reader);
      return reader;
    } catch (RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  private static void checkFormat(Hdf5Reader reader) {
    String format = reader.text("/", "format");
    if (!format.equals(FORMAT)) {
      throw reader.problem("is a %s, expected a %s".formatted(format, FORMAT));
    }
    long version = reader.integer("/", "version");
    if (version < 1 || version > VERSION) {
      // No damage: an older checkpoint must not take its place.
      throw new ConfigurationException(
          reader
              .problem(
                  "has format version %d, this belay reads 1 to %d: use the belay that wrote it"
                      .formatted(version, VERSION))
              .getMessage());
    }
  }

  private static Network readNetwork(Hdf5Reader reader) {
    String text = String.join("\n", reader.strings("/network/text"));
    Network network;
    try {
      network = Network.parse(reader.text("/network", "name"), text);
    } catch (BelayException e) {
      throw reader.problem("/network/text cannot be read: " + e.getMessage());
    }
    if (!network.digest().equals(reader.text("/network", "sha256"))) {
      throw reader.problem("/network/text does not mean the network that /network@sha256 names");
    }
    return network;
  }

  private static TrainState readState(Hdf5Reader reader, Network network) {
    return new TrainState(
        readVector(reader, WEIGHTS, network),
        readOptional(reader, FIRST_MOMENT, network),
        readOptional(reader, SECOND_MOMENT, network),
        reader.integer("/progress", "step"),
        reader.real("/progress", "loss_sum"),
        reader.integer("/progress", "loss_images"));
  }

  private static Progress readProgress(Hdf5Reader reader, Network network) {
    boolean isTimed = reader.attributes("/progress").containsKey("epoch_seconds");
    return new Progress(
        integer(reader, "/progress", "position"),
        isTimed ? reader.real("/progress", "epoch_seconds") : 0,
        EpochTable.read(reader, network));
  }

  private static float[] readOptional(Hdf5Reader reader, String group, Network network) {
    String first = group + "/" + network.program().parameters().get(0).name();
    return reader.has(first) ? readVector(reader, group, network) : new float[0];
  }

  private static float[] readVector(Hdf5Reader reader, String group, Network network) {
    float[] vector = new float[network.parameterCount()];
    for (Parameter parameter : network.program().parameters()) {
      String path = group + "/" + parameter.name();
      reader.expectShape(path, "network", parameter.shape());
      reader.floats(path, vector, parameter.offset());
    }
    return vector;
  }

  private static void checkNothingElse(Hdf5Reader reader, Network network) {
    Set<String> others = new TreeSet<>(reader.datasets());
    for (Parameter parameter : network.program().parameters()) {
      for (String group : List.of(WEIGHTS, FIRST_MOMENT, SECOND_MOMENT)) {
        others.remove(group + "/" + parameter.name());
      }
    }
    others.removeAll(EpochTable.paths());
    others.removeAll(List.of("/network/text", "/classes"));
    others.stream().findFirst().ifPresent(path -> unexpected(reader, path));
  }

  private static void unexpected(Hdf5Reader reader, String path) {
    throw reader.problem("has the dataset " + path + ", which no checkpoint of its network has");
  }

  private static int integer(Hdf5Reader reader, String path, String name) {
    return Math.toIntExact(reader.integer(path, name));
  }
}
