package belay.checkpoint;

import belay.error.BelayException;
import belay.error.ConfigurationException;
import belay.error.DataException;
import belay.hdf.BoundedReader;
import belay.hdf.Bounds;
import belay.hdf.Hdf5Reader;
import belay.hdf.Hdf5Writer;
import belay.net.Network;
import belay.net.Slot;
import belay.net.TrainState;
import belay.storage.Fence;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Checkpoints as HDF5 files; reading gives back every bit that was written. */
public final class CheckpointFile {
  private static final String FORMAT = "belay-checkpoint";
  private static final long VERSION = 2; // 1 lacks epoch_seconds and the later columns of /metrics
  private static final ParameterGroup WEIGHTS = new ParameterGroup("/weights", true);
  private static final String CLASSES = "/classes";

  /** Labels are bytes. */
  private static final Bounds CLASS_COUNT = new Bounds(1, 256);

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
    ProgressGroup.write(writer, checkpoint.state(), checkpoint.progress());
    EpochTable.write(writer, checkpoint.progress().history(), checkpoint.network());
    writeNetwork(writer, checkpoint.network());
    writeTexts(writer, "/configuration", checkpoint.configuration());
    writeTexts(writer, "/provenance", checkpoint.provenance());
    writer.strings(CLASSES, checkpoint.classNames()).attribute("description", "name of each label");
  }

  /**
   * @throws DataException if the file is missing, damaged or no checkpoint
   */
  public static Checkpoint read(Path file) {
    try (Hdf5Reader reader = open(file)) {
      Network network = readNetwork(reader);
      checkNothingElse(reader, network);
      ProgressGroup progress = new ProgressGroup(reader);
      return new Checkpoint(
          readState(reader, network, progress),
          progress.read(network),
          network,
          reader.texts("/configuration"),
          reader.texts("/provenance"),
          classNames(reader));
    }
  }

  /**
   * Where the training stood.
   *
   * @param name that the state's file has
   * @param step optimiser steps of the whole run
   */
  public record Reached(CheckpointName name, long step) {}

  /**
   * Checks all that {@link #read} would, in little memory.
   *
   * @throws DataException if the file is missing, damaged or no checkpoint
   */
  public static Reached check(Path file) {
    try (Hdf5Reader reader = open(file)) {
      Network network = readNetwork(reader);
      checkNothingElse(reader, network);
      WEIGHTS.check(reader, network, Bounds.FINITE);
      slots(reader).forEach(slot -> group(slot).check(reader, network, bounds(slot)));
      ProgressGroup progress = new ProgressGroup(reader);
      progress.tally();
      classNames(reader);
      CheckpointName name = CheckpointName.of(progress.read(network), progress.step());
      return new Reached(name, progress.step());
    }
  }

  private static List<String> classNames(Hdf5Reader reader) {
    return new BoundedReader(reader).names(CLASSES, CLASS_COUNT);
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
          classNames(reader));
    }
  }

  /**
   * What extraction uses: parameters, or their average where one is kept, and statistics.
   *
   * @param network whose weights the file must have
   * @throws DataException if the file is missing, damaged, or of another network
   */
  public static float[] readWeights(Path file, Network network) {
    try (Hdf5Reader reader = open(file)) {
      float[] weights = WEIGHTS.read(reader, network, Bounds.FINITE);
      ParameterGroup average = group(Slot.AVERAGE);
      if (average.isIn(reader)) {
        float[] kept = average.read(reader, network, bounds(Slot.AVERAGE));
        System.arraycopy(kept, 0, weights, 0, network.parameterCount());
      }
      return weights;
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
    WEIGHTS.write(writer, network, state.weights());
    for (Map.Entry<Slot, float[]> slot : state.slots().entrySet()) {
      group(slot.getKey()).write(writer, network, slot.getValue());
    }
    writer.group(WEIGHTS.path()).attribute("description", describe(network));
    writer
        .group("/optimizer")
        .attribute("description", "running moments of the gradient, shaped as the weights");
    if (state.slots().containsKey(Slot.AVERAGE)) {
      writer
          .group(group(Slot.AVERAGE).path())
          .attribute(
              "description",
              "moving average of the parameters: evaluation and extraction use it in place of /weights");
    }
  }

  private static String describe(Network network) {
    boolean isNormalised = !network.program().statistics().isEmpty();
    return "trained parameters, one group for each layer: w, b"
        + (isNormalised ? "; of batch norm scale, shift and the running mean and variance" : "");
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

  private static TrainState readState(Hdf5Reader reader, Network network, ProgressGroup progress) {
    float[] weights = WEIGHTS.read(reader, network, Bounds.FINITE);
    Map<Slot, float[]> slots = new EnumMap<>(Slot.class);
    slots(reader).forEach(slot -> slots.put(slot, group(slot).read(reader, network, bounds(slot))));
    return new TrainState(weights, slots, progress.step(), progress.tally());
  }

  /** Every update rule keeps something, so that a file without any of it is damaged. */
  private static List<Slot> slots(Hdf5Reader reader) {
    List<Slot> slots =
        Arrays.stream(Slot.values()).filter(slot -> group(slot).isIn(reader)).toList();
    if (slots.stream().allMatch(slot -> slot == Slot.AVERAGE)) {
      throw reader.problem("lacks what its update rule keeps in /optimizer, a first_moment mostly");
    }
    return slots;
  }

  private static ParameterGroup group(Slot slot) {
    return new ParameterGroup("/optimizer/" + slot.name().toLowerCase(Locale.ROOT), false);
  }

  private static Bounds bounds(Slot slot) {
    return switch (slot) {
      case FIRST_MOMENT, AVERAGE -> Bounds.FINITE;
      case SECOND_MOMENT, SUM_OF_SQUARES -> Bounds.FROM_0;
    };
  }

  private static void checkNothingElse(Hdf5Reader reader, Network network) {
    Set<String> others = new TreeSet<>(reader.datasets());
    others.removeAll(Set.copyOf(WEIGHTS.datasets(network)));
    for (Slot slot : Slot.values()) {
      others.removeAll(Set.copyOf(group(slot).datasets(network)));
    }
    others.removeAll(EpochTable.paths());
    others.removeAll(List.of("/network/text", CLASSES));
    others.stream().findFirst().ifPresent(path -> unexpected(reader, path));
  }

  private static void unexpected(Hdf5Reader reader, String path) {
    throw reader.problem("has the dataset " + path + ", which no checkpoint of its network has");
  }
}
