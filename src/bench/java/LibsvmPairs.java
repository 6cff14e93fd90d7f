import belay.backend.FloatMatrix;
import belay.backend.KernelFunction;
import belay.backend.Standardization;
import belay.features.FeatureFile;
import belay.features.LabelledFeatures;
import belay.svm.SvmFile;
import belay.svm.SvmModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import libsvm.svm;
import libsvm.svm_model;
import libsvm.svm_node;
import libsvm.svm_parameter;
import libsvm.svm_problem;

/**
 * Problems of a trained svm.h5 beside libsvm at full size: {@code LibsvmPairs features.h5 svm.h5
 * 3,5 0,1 ...} trains libsvm on the same kernel matrix, computed here in double, and prints both
 * objectives and on how many test images the two decide differently. RBF, equal class weights; a
 * problem of 10,000 samples takes about 8 GB of heap.
 */
public final class LibsvmPairs {
  private static final int SLAB = 256; // products that are summed in float

  private final SvmModel model;
  private final FloatMatrix train;
  private final FloatMatrix test;
  private final int[] labels;
  private final double gamma;

  private LibsvmPairs(SvmModel model, LabelledFeatures train, LabelledFeatures test) {
    this.model = model;
    this.train = scaled(train.features(), model.scaling());
    this.test = scaled(test.features(), model.scaling());
    this.labels = train.labels();
    this.gamma = ((KernelFunction.Rbf) model.kernel()).gamma();
  }

  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT);
    svm.svm_set_print_string_function(text -> {});
    try (FeatureFile features = FeatureFile.open(Path.of(args[0]))) {
      SvmModel model = SvmFile.readModel(Path.of(args[1]));
      LibsvmPairs pairs = new LibsvmPairs(model, features.train(), features.test());
      for (int i = 2; i < args.length; i++) {
        String[] classes = args[i].split(",");
        pairs.compare(Integer.parseInt(classes[0]), Integer.parseInt(classes[1]));
      }
    }
  }

  private static FloatMatrix scaled(FloatMatrix samples, Standardization by) {
    IntStream.range(0, samples.rows())
        .parallel()
        .forEach(
            i -> {
              for (int k = 0; k < samples.columns(); k++) {
                int at = i * samples.columns() + k;
                samples.values()[at] =
                    (float) ((samples.values()[at] - by.mean()[k]) / by.deviation()[k]);
              }
            });
    return samples;
  }

  private void compare(int a, int b) {
    int[] rows = IntStream.concat(of(model.classes()[a]), of(model.classes()[b])).toArray();
    int first = (int) of(model.classes()[a]).count();
    double[][] kernel = values(train, rows, train, rows);
    double[][] unseen = values(test, IntStream.range(0, test.rows()).toArray(), train, rows);
    double[] ours = coefficients(a, b, rows);
    double[] theirs = new double[rows.length];
    double theirRho = libsvm(kernel, first, theirs);
    double ourRho = model.functions().rho()[problem(a, b)];
    int different = 0;
    double largest = 0;
    for (double[] value : unseen) {
      double mine = decision(value, ours, ourRho);
      double other = decision(value, theirs, theirRho);
      different += mine > 0 == other > 0 ? 0 : 1;
      largest = Math.max(largest, Math.abs(mine - other));
    }
    double mine = objective(kernel, ours);
    double other = objective(kernel, theirs);
    System.out.printf(
        "classes %d,%d: objective belay %.6f libsvm %.6f relative difference %.2e; %d of %d test images decided differently, largest difference of a decision %.2e%n",
        a,
        b,
        mine,
        other,
        Math.abs(mine - other) / Math.abs(other),
        different,
        unseen.length,
        largest);
  }

  private IntStream of(int label) {
    return IntStream.range(0, labels.length).filter(row -> labels[row] == label);
  }

  /** exp(-gamma |x - z|^2), row-major; products summed in slabs of floats, these in double. */
  private double[][] values(FloatMatrix left, int[] rows, FloatMatrix right, int[] columns) {
    double[] leftNorms = norms(left, rows);
    double[] rightNorms = norms(right, columns);
    double[][] values = new double[rows.length][columns.length];
    int width = 64;
    IntStream.range(0, (columns.length + width - 1) / width)
        .parallel()
        .forEach(
            block -> {
              int from = block * width;
              int count = Math.min(width, columns.length - from);
              float[] across = transposed(right, columns, from, count);
              float[] sums = new float[count];
              for (int i = 0; i < rows.length; i++) {
                double[] products = new double[count];
                products(left, rows[i], across, count, sums, products);
                for (int j = 0; j < count; j++) {
                  double distance = leftNorms[i] + rightNorms[from + j] - 2 * products[j];
                  values[i][from + j] = Math.exp(-gamma * Math.max(0, distance));
                }
              }
            });
    return values;
  }

  private static void products(
      FloatMatrix left, int row, float[] across, int count, float[] sums, double[] products) {
    int d = left.columns();
    for (int begin = 0; begin < d; begin += SLAB) {
      Arrays.fill(sums, 0);
      for (int k = begin; k < Math.min(begin + SLAB, d); k++) {
        float x = left.values()[row * d + k];
        for (int j = 0; j < count; j++) {
          sums[j] += x * across[k * count + j];
        }
      }
      for (int j = 0; j < count; j++) {
        products[j] += sums[j];
      }
    }
  }

  private static float[] transposed(FloatMatrix matrix, int[] rows, int from, int count) {
    float[] across = new float[matrix.columns() * count];
    for (int j = 0; j < count; j++) {
      for (int k = 0; k < matrix.columns(); k++) {
        across[k * count + j] = matrix.values()[rows[from + j] * matrix.columns() + k];
      }
    }
    return across;
  }

  private static double[] norms(FloatMatrix matrix, int[] rows) {
    return Arrays.stream(rows)
        .parallel()
        .mapToDouble(
            row -> {
              double sum = 0;
              for (int k = 0; k < matrix.columns(); k++) {
                double x = matrix.values()[row * matrix.columns() + k];
                sum += x * x;
              }
              return sum;
            })
        .toArray();
  }

  /** Of our model, in the order of the rows. */
  private double[] coefficients(int a, int b, int[] rows) {
    int[] counts = model.functions().counts();
    int s = model.support().rows();
    double[] byRow = new double[labels.length];
    int at = 0;
    for (int c = 0; c < counts.length; c++) {
      for (int i = 0; i < counts[c]; i++, at++) {
        if (c == a || c == b) {
          int line = c == a ? b - 1 : a;
          byRow[model.supportRows()[at]] = model.functions().coefficients()[line * s + at];
        }
      }
    }
    return Arrays.stream(rows).mapToDouble(row -> byRow[row]).toArray();
  }

  private int problem(int a, int b) {
    int k = model.classes().length;
    return a * k - a * (a + 1) / 2 + b - a - 1;
  }

  /** Returns rho; the coefficients go into an array. */
  private double libsvm(double[][] kernel, int first, double[] coefficients) {
    svm_problem problem = new svm_problem();
    problem.l = kernel.length;
    problem.y = IntStream.range(0, kernel.length).mapToDouble(i -> i < first ? 1 : -1).toArray();
    problem.x = new svm_node[kernel.length][];
    IntStream.range(0, kernel.length)
        .parallel()
        .forEach(i -> problem.x[i] = nodes(i + 1, kernel[i]));
    svm_parameter parameter = new svm_parameter();
    parameter.svm_type = svm_parameter.C_SVC;
    parameter.kernel_type = svm_parameter.PRECOMPUTED;
    parameter.C = model.c();
    parameter.eps = 1e-3;
    parameter.cache_size = 2000;
    parameter.shrinking = 1;
    svm_model trained = svm.svm_train(problem, parameter);
    for (int i = 0; i < trained.l; i++) {
      coefficients[trained.sv_indices[i] - 1] = trained.sv_coef[0][i];
    }
    return trained.rho[0];
  }

  private static svm_node[] nodes(int number, double[] values) {
    svm_node[] nodes = new svm_node[values.length + 1];
    for (int j = 0; j < nodes.length; j++) {
      nodes[j] = new svm_node();
      nodes[j].index = j;
      nodes[j].value = j == 0 ? number : values[j - 1];
    }
    return nodes;
  }

  private static double decision(double[] kernel, double[] coefficients, double rho) {
    double sum = -rho;
    for (int i = 0; i < kernel.length; i++) {
      sum += coefficients[i] * kernel[i];
    }
    return sum;
  }

  /** 1/2 a'Qa - sum a, with coefficients a_i y_i. */
  private static double objective(double[][] kernel, double[] coefficients) {
    double sum = 0;
    for (int i = 0; i < coefficients.length; i++) {
      if (coefficients[i] != 0) {
        sum += 0.5 * coefficients[i] * decision(kernel[i], coefficients, 0);
        sum -= Math.abs(coefficients[i]);
      }
    }
    return sum;
  }
}
