package belay.svm;

import belay.error.DataException;
import belay.hdf.BoundedReader;
import belay.hdf.Hdf5Reader;
import belay.hdf.Hdf5Writer;
import belay.hdf.MadeBy;
import belay.storage.Fence;
import belay.svm.host.StopCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * The file of a trained classifier: the model in /model, labels and predictions of the test images
 * in /test.
 */
public final class SvmFile {
  private static final String FORMAT = "belay-svm";
  private static final long VERSION = 2;

  private static final String LABELS = "/test/labels";
  private static final String PREDICTIONS = "/test/predictions";

  private SvmFile() {}

  /**
   * What the model said of the test images.
   *
   * @param labels true class of each image [n]
   * @param predictions class the model chose [n]
   */
  public record Judgement(int[] labels, int[] predictions) {
    /** One more than the largest label. */
    public int classes() {
      return IntStream.concat(Arrays.stream(labels), Arrays.stream(predictions)).max().orElse(-1)
          + 1;
    }
  }

  /**
   * @param trained whose support vectors are copied in slabs
   * @param origin versions, device, features, configuration
   * @param fence asked before the file appears
   * @throws IOException if the disk refuses; nothing is left under the final name then
   */
  public static void write(
      Path file, TrainedSvm trained, Judgement test, MadeBy origin, Fence fence)
      throws IOException {
    try (Hdf5Writer writer = Hdf5Writer.create(file)) {
      describe(writer);
      ModelGroup.write(writer, trained);
      if (trained.selection().isPresent()) {
        SelectionGroup.write(writer, trained.selection().get());
      }
      writer.ints(LABELS, test.labels()).attribute("axes", "image");
      writer.ints(PREDICTIONS, test.predictions()).attribute("axes", "image");
      origin.write(writer);
      writer.publish(fence);
    }
  }

  /**
   * @throws DataException if the file is missing, damaged or holds no classifier
   */
  public static SvmModel readModel(Path file) {
    try (Hdf5Reader reader = open(file)) {
      return ModelGroup.model(reader);
    }
  }

  /**
   * The model without the values of its support vectors: quick, however many there are.
   *
   * @throws DataException if the file is missing, damaged or holds no classifier
   */
  public static SvmOutline readOutline(Path file) {
    try (Hdf5Reader reader = open(file)) {
      return ModelGroup.outline(reader);
    }
  }

  /**
   * @throws DataException if the file is missing, damaged or holds no classifier
   */
  public static Judgement readJudgement(Path file) {
    try (Hdf5Reader reader = open(file)) {
      return judgement(reader);
    }
  }

  /** The same of a file that is open, and may turn out to be something else. */
  public static Judgement readJudgement(Hdf5Reader reader) {
    check(reader);
    return judgement(reader);
  }

  private static Judgement judgement(Hdf5Reader reader) {
    BoundedReader bounded = new BoundedReader(reader);
    int images = bounded.length(LABELS);
    int[] labels = bounded.ints(LABELS, ModelGroup.LABEL, images);
    int[] predictions = bounded.ints(PREDICTIONS, ModelGroup.LABEL, images);
    int[] classes = ModelGroup.classes(reader);
    if (Arrays.stream(predictions).anyMatch(p -> Arrays.binarySearch(classes, p) < 0)) {
      throw reader.problem(PREDICTIONS + " has a label that is none of /model/classes");
    }
    return new Judgement(labels, predictions);
  }

  /** The scores that C and gamma were chosen by, if there was a choice. */
  public static Optional<Selection> readSelection(Path file) {
    try (Hdf5Reader reader = open(file)) {
      return SelectionGroup.read(reader);
    }
  }

  /**
   * What made a file, after a check of all its content.
   *
   * @param stop asked all the while
   * @throws belay.error.StoppedException if told to stop
   * @throws DataException if the file is missing, damaged or holds no classifier
   */
  public static Map<String, String> verified(Path file, BooleanSupplier stop) {
    try (Hdf5Reader reader = open(file)) {
      reader.verify(new StopCheck(stop)::check);
      ModelGroup.outline(reader);
      SelectionGroup.read(reader);
      return reader.texts("/provenance");
    }
  }

  /** What made a file. */
  public static Map<String, String> provenance(Path file) {
    try (Hdf5Reader reader = open(file)) {
      return reader.texts("/provenance");
    }
  }

  private static void describe(Hdf5Writer writer) {
    writer
        .group("/")
        .attribute("format", FORMAT)
        .attribute("version", VERSION)
        .attribute("description", "One-vs-one SVM, and its predictions on the test images")
        .attribute(
            "verify", "/manifest lists every dataset and attribute with its SHA-256; it says how");
  }

  private static Hdf5Reader open(Path file) {
    Hdf5Reader reader = Hdf5Reader.open(file);
    try {
      check(reader);
      return reader;
    } catch (RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  private static void check(Hdf5Reader reader) {
    String format = reader.text("/", "format");
    if (!format.equals(FORMAT) || reader.integer("/", "version") != VERSION) {
      throw reader.problem(
          "is a %s, expected a %s of version %d".formatted(format, FORMAT, VERSION));
    }
  }
}
