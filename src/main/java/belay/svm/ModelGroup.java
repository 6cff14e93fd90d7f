package belay.svm;

import belay.backend.DecisionFunctions;
import belay.backend.FloatMatrix;
import belay.backend.KernelFunction;
import belay.backend.Standardization;
import belay.hdf.BoundedReader;
import belay.hdf.Bounds;
import belay.hdf.FloatRows;
import belay.hdf.Hdf5Object;
import belay.hdf.Hdf5Reader;
import belay.hdf.Hdf5Writer;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** The model in a classifier's file: the group /model. */
final class ModelGroup {
  private static final String GROUP = "/model";
  private static final String CLASSES = GROUP + "/classes";
  private static final String NAMES = GROUP + "/names";
  private static final String SUPPORT = GROUP + "/support";
  private static final String COUNTS = GROUP + "/support_counts";
  private static final String COEFFICIENTS = GROUP + "/coefficients";
  private static final String RBF = "rbf: exp(-gamma |x - z|^2)";
  private static final String LINEAR = "linear: x . z";

  /** Labels are bytes. */
  static final Bounds LABEL = new Bounds(0, 255);

  private static final Bounds ROW = new Bounds(0, Integer.MAX_VALUE);

  /** An alpha may exceed its bound by the rounding of single precision. */
  private static final double ROUNDING = 1 + 1e-5;

  /** Values of support vectors that are in the Java heap while they are written: 16 MiB. */
  private static final int SLAB_VALUES = 1 << 22;

  private ModelGroup() {}

  static void write(Hdf5Writer writer, TrainedSvm trained) throws IOException {
    SvmModel model = trained.model();
    Hdf5Object group = writer.group(GROUP).attribute("c", model.c());
    if (model.kernel() instanceof KernelFunction.Rbf rbf) {
      group.attribute("kernel", RBF).attribute("gamma", rbf.gamma());
    } else {
      group.attribute("kernel", LINEAR);
    }
    group
        .attribute("iterations", trained.iterations())
        .attribute("train_judged", (long) trained.judged())
        .attribute("train_accuracy", trained.accuracy());
    writeClasses(writer, model);
    writeSupport(writer, model.support());
    writeFunctions(writer, model);
  }

  private static void writeClasses(Hdf5Writer writer, SvmModel model) throws IOException {
    writer
        .ints(CLASSES, model.classes())
        .attribute("description", "label of each class; problems are (0, 1), (0, 2) .. (1, 2) ..");
    if (!model.names().isEmpty()) {
      writer.strings(NAMES, model.names());
    }
    writer
        .doubles(GROUP + "/mean", model.scaling().mean())
        .attribute("description", "subtracted from each feature");
    writer
        .doubles(GROUP + "/deviation", model.scaling().deviation())
        .attribute("description", "then divides it");
  }

  private static void writeFunctions(Hdf5Writer writer, SvmModel model) throws IOException {
    writer.ints(COUNTS, model.functions().counts()).attribute("axes", "class");
    writer
        .ints(GROUP + "/support_rows", model.supportRows())
        .attribute("description", "row of each support vector in the training set");
    writer
        .doubles(
            COEFFICIENTS,
            model.functions().coefficients(),
            model.classes().length - 1,
            model.support().rows())
        .attribute("description", "alpha y against the other classes, libsvm's sv_coef");
    writer.doubles(GROUP + "/rho", model.functions().rho()).attribute("axes", "problem");
    writer
        .doubles(GROUP + "/weights", model.weights())
        .attribute("axes", "class")
        .attribute("description", "factor of c for each class");
  }

  private static void writeSupport(Hdf5Writer writer, SupportVectors support) throws IOException {
    int columns = support.columns();
    int slab = Math.max(1, Math.min(support.rows(), SLAB_VALUES / Math.max(1, columns)));
    float[] values = new float[slab * columns];
    try (FloatRows rows = writer.stream(SUPPORT, support.rows(), columns)) {
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

  /** Everything but the values of the support vectors, which may be gigabytes. */
  static SvmOutline outline(Hdf5Reader reader) {
    BoundedReader bounded = new BoundedReader(reader);
    int[] classes = classes(reader);
    int k = classes.length;
    List<Long> support = bounded.shape(SUPPORT, 2);
    long s = support.get(0);
    long columns = support.get(1);
    if (s < 1 || columns < 1 || s * (double) columns > Integer.MAX_VALUE - 8) {
      throw reader.problem(SUPPORT + " has shape " + reader.shapeText(SUPPORT));
    }
    double c = bounded.real(GROUP, "c", Bounds.ABOVE_0);
    SvmOutline outline =
        new SvmOutline(
            classes,
            reader.has(NAMES) ? bounded.names(NAMES, new Bounds(k, k)) : List.of(),
            new Standardization(
                bounded.doubles(GROUP + "/mean", Bounds.FINITE, columns),
                bounded.doubles(GROUP + "/deviation", Bounds.ABOVE_0, columns)),
            c,
            bounded.doubles(GROUP + "/weights", Bounds.ABOVE_0, k),
            kernel(reader),
            new DecisionFunctions(
                bounded.ints(COUNTS, ROW, k),
                bounded.doubles(COEFFICIENTS, Bounds.FINITE, k - 1, s),
                bounded.doubles(GROUP + "/rho", Bounds.FINITE, k * (k - 1) / 2)),
            bounded.ints(GROUP + "/support_rows", ROW, s));
    checkCounts(reader, outline);
    checkCoefficients(reader, outline);
    return outline;
  }

  static SvmModel model(Hdf5Reader reader) {
    SvmOutline outline = outline(reader);
    FloatMatrix support = new FloatMatrix(outline.supportRows().length, outline.features());
    new BoundedReader(reader).floats(SUPPORT, Bounds.FINITE, support.values(), 0);
    return outline.with(SupportVectors.of(support));
  }

  /** Labels of the classes, ascending. */
  static int[] classes(Hdf5Reader reader) {
    BoundedReader bounded = new BoundedReader(reader);
    int k = bounded.length(CLASSES);
    int[] classes = bounded.ints(CLASSES, LABEL, k);
    if (k < 2 || !Arrays.equals(classes, Arrays.stream(classes).distinct().sorted().toArray())) {
      throw reader.problem(CLASSES + " are not two or more different labels, ascending");
    }
    return classes;
  }

  private static KernelFunction kernel(Hdf5Reader reader) {
    String kernel = reader.text(GROUP, "kernel");
    if (!kernel.equals(RBF) && !kernel.equals(LINEAR)) {
      throw reader.problem("/model@kernel is neither '%s' nor '%s'".formatted(RBF, LINEAR));
    }
    return kernel.equals(RBF)
        ? new KernelFunction.Rbf(new BoundedReader(reader).real(GROUP, "gamma", Bounds.ABOVE_0))
        : new KernelFunction.Linear();
  }

  private static void checkCounts(Hdf5Reader reader, SvmOutline outline) {
    long sum = Arrays.stream(outline.functions().counts()).asLongStream().sum();
    if (sum != outline.supportRows().length) {
      throw reader.problem(
          "%s are %d in all, %s has %d rows"
              .formatted(COUNTS, sum, SUPPORT, outline.supportRows().length));
    }
  }

  /** An alpha is at most c times the weight of its class. */
  private static void checkCoefficients(Hdf5Reader reader, SvmOutline outline) {
    double[] coefficients = outline.functions().coefficients();
    int[] counts = outline.functions().counts();
    int at = 0;
    for (int row = 0; row < counts.length - 1; row++) {
      for (int c = 0; c < counts.length; c++) {
        double most = outline.c() * outline.weights()[c] * ROUNDING;
        for (int i = 0; i < counts[c]; i++, at++) {
          if (Math.abs(coefficients[at]) > most) {
            throw reader.problem(
                "%s[%d] is %s, expected at most c and weight's %s"
                    .formatted(COEFFICIENTS, at, coefficients[at], most));
          }
        }
      }
    }
  }
}
