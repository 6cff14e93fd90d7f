package belay.svm;

import belay.backend.DecisionFunctions;
import belay.backend.FloatMatrix;
import belay.backend.KernelFunction;
import belay.backend.Standardization;
import belay.error.DataException;
import belay.hdf.FloatRows;
import belay.hdf.Hdf5Object;
import belay.hdf.Hdf5Reader;
import belay.hdf.Hdf5Writer;
import belay.hdf.MadeBy;
import belay.storage.Fence;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The file of a trained classifier: the model in /model, labels and predictions of the test images
 * in /test.
 */
public final class SvmFile {
  private static final String FORMAT = "belay-svm";
  private static final long VERSION = 2;

  /** Values of support vectors that are in the Java heap while they are written: 16 MiB. */
  private static final int SLAB_VALUES = 1 << 22;

  private SvmFile() {}

  /**
   * What the model said of the test images.
   *
   * @param labels true class of each image [n]
   * @param predictions class the model chose [n]
   */
  public record Judgement(int[] labels, int[] predictions) {}

  /**
   * @param trained whose support vectors are copied in slabs
   * @param origin versions, device, features, configuration
   * @param fence asked before the file appears
   * @throws IOException if the disk refuses; nothing is left under the final name then
   */
  public static void write(
      Path file, TrainedSvm trained, Judgement test, MadeBy origin, Fence fence)
      throws IOException {
    SvmModel model = trained.model();
    try (Hdf5Writer writer = Hdf5Writer.create(file)) {
      describe(writer, model);
      writer
          .group("/model")
          .attribute("iterations", trained.iterations())
          .attribute("train_judged", (long) trained.judged())
          .attribute("train_accuracy", trained.accuracy());
      writeModel(writer, model);
      if (trained.selection().isPresent()) {
        SelectionGroup.write(writer, trained.selection().get());
      }
      writer.ints("/test/labels", test.labels()).attribute("axes", "image");
      writer.ints("/test/predictions", test.predictions()).attribute("axes", "image");
      origin.write(writer);
      writer.publish(fence);
    }
  }

  /**
   * @throws DataException if the file is missing, damaged or holds no classifier
   */
  public static SvmModel readModel(Path file) {
    try (Hdf5Reader reader = open(file)) {
      return new SvmModel(
          reader.ints("/model/classes"),
          reader.has("/model/names") ? reader.strings("/model/names") : List.of(),
          new Standardization(reader.doubles("/model/mean"), reader.doubles("/model/deviation")),
          reader.real("/model", "c"),
          reader.doubles("/model/weights"),
          kernel(reader),
          new DecisionFunctions(
              reader.ints("/model/support_counts"),
              reader.doubles("/model/coefficients"),
              reader.doubles("/model/rho")),
          reader.ints("/model/support_rows"),
          SupportVectors.of(support(reader)));
    } catch (IllegalArgumentException e) {
      throw new DataException(file + ": the parts of the model do not fit: " + e.getMessage(), e);
    }
  }

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
    return new Judgement(reader.ints("/test/labels"), reader.ints("/test/predictions"));
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
      reader.verify(new Cancellation(stop)::check);
      return reader.texts("/provenance");
    }
  }

  /** What made a file. */
  public static Map<String, String> provenance(Path file) {
    try (Hdf5Reader reader = open(file)) {
      return reader.texts("/provenance");
    }
  }

  private static void describe(Hdf5Writer writer, SvmModel model) {
    writer
        .group("/")
        .attribute("format", FORMAT)
        .attribute("version", VERSION)
        .attribute("description", "One-vs-one SVM, and its predictions on the test images")
        .attribute(
            "verify", "/manifest lists every dataset and attribute with its SHA-256; it says how");
    Hdf5Object group = writer.group("/model").attribute("c", model.c());
    if (model.kernel() instanceof KernelFunction.Rbf rbf) {
      group.attribute("kernel", "rbf: exp(-gamma |x - z|^2)").attribute("gamma", rbf.gamma());
    } else {
      group.attribute("kernel", "linear: x . z");
    }
  }

  private static void writeModel(Hdf5Writer writer, SvmModel model) throws IOException {
    writer
        .ints("/model/classes", model.classes())
        .attribute("description", "label of each class; problems are (0, 1), (0, 2) .. (1, 2) ..");
    if (!model.names().isEmpty()) {
      writer.strings("/model/names", model.names());
    }
    writer
        .doubles("/model/mean", model.scaling().mean())
        .attribute("description", "subtracted from each feature");
    writer
        .doubles("/model/deviation", model.scaling().deviation())
        .attribute("description", "then divides it");
    writeSupport(writer, model.support());
    writer.ints("/model/support_counts", model.functions().counts()).attribute("axes", "class");
    writer
        .ints("/model/support_rows", model.supportRows())
        .attribute("description", "row of each support vector in the training set");
    writer
        .doubles(
            "/model/coefficients",
            model.functions().coefficients(),
            model.classes().length - 1,
            model.support().rows())
        .attribute("description", "alpha y against the other classes, libsvm's sv_coef");
    writer.doubles("/model/rho", model.functions().rho()).attribute("axes", "problem");
    writer
        .doubles("/model/weights", model.weights())
        .attribute("axes", "class")
        .attribute("description", "factor of c for each class");
  }

  private static void writeSupport(Hdf5Writer writer, SupportVectors support) throws IOException {
    int columns = support.columns();
    int slab = Math.max(1, Math.min(support.rows(), SLAB_VALUES / Math.max(1, columns)));
    float[] values = new float[slab * columns];
    try (FloatRows rows = writer.stream("/model/support", support.rows(), columns)) {
      for (int first = 0; first < support.rows(); first += slab) {
        int count = Math.min(slab, support.rows() - first);
        support.copy(first, count, values);
        rows.write(values, 0, count * columns);
      }
      rows.end()
          .attribute("axes", "support vector, feature")
          .attribute("description", "scaled features of the support vectors, sorted by class");
    }
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

  private static FloatMatrix support(Hdf5Reader reader) {
    List<Long> shape = reader.shape("/model/support");
    return new FloatMatrix(
        Math.toIntExact(shape.get(0)),
        Math.toIntExact(shape.get(1)),
        reader.floats("/model/support"));
  }

  private static KernelFunction kernel(Hdf5Reader reader) {
    return reader.text("/model", "kernel").startsWith("rbf")
        ? new KernelFunction.Rbf(reader.real("/model", "gamma"))
        : new KernelFunction.Linear();
  }
}
