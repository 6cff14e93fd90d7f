package belay.svm;

import belay.backend.PairSolution;
import belay.hdf.Hdf5Reader;
import belay.hdf.Hdf5Writer;
import belay.storage.Fence;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** Scores and solutions of a training that is not complete. */
final class SolvedFile {
  private static final String FORMAT = "belay-svm-solved";
  private static final long VERSION = 1;
  private static final String SCORES = "/scores";
  private static final String SOLUTIONS = "/solutions";

  private SolvedFile() {}

  /**
   * @param origin all that decides a solution
   * @param scores accuracy by candidate and fold, of each kernel function that is done
   * @param solutions of the call to the solver that was at work, by index of the problem
   */
  record Content(
      Map<String, String> origin, List<double[][]> scores, Map<Integer, PairSolution> solutions) {}

  /**
   * @throws IOException naming file and reason
   */
  static void write(Path file, Content content, Fence fence) throws IOException {
    try (Hdf5Writer writer = Hdf5Writer.create(file)) {
      writer
          .group("/")
          .attribute("format", FORMAT)
          .attribute("version", VERSION)
          .attribute(
              "description",
              "Solved problems of an SVM that is not complete: belay goes on from them");
      content.origin().forEach((name, text) -> writer.group("/origin").attribute(name, text));
      writer.group(SCORES).attribute("kernels", (long) content.scores().size());
      for (int kernel = 0; kernel < content.scores().size(); kernel++) {
        double[][] accuracy = content.scores().get(kernel);
        double[] flat = Arrays.stream(accuracy).flatMapToDouble(Arrays::stream).toArray();
        writer
            .doubles(SCORES + "/" + kernel, flat, accuracy.length, accuracy[0].length)
            .attribute("axes", "candidate, fold");
      }
      writeSolutions(writer, content.solutions());
      writer.publish(fence);
    }
  }

  private static void writeSolutions(Hdf5Writer writer, Map<Integer, PairSolution> solutions)
      throws IOException {
    Collection<PairSolution> all = solutions.values();
    writer.ints(
        SOLUTIONS + "/problem", solutions.keySet().stream().mapToInt(Integer::intValue).toArray());
    writer.ints(
        SOLUTIONS + "/size", all.stream().mapToInt(one -> one.coefficients().length).toArray());
    writer
        .doubles(
            SOLUTIONS + "/coefficients",
            all.stream().flatMapToDouble(one -> Arrays.stream(one.coefficients())).toArray())
        .attribute("description", "alpha y of each problem's samples, problem after problem");
    writer.doubles(SOLUTIONS + "/rho", column(all, PairSolution::rho));
    writer.doubles(SOLUTIONS + "/objective", column(all, PairSolution::objective));
    writer.longs(
        SOLUTIONS + "/iterations", all.stream().mapToLong(PairSolution::iterations).toArray());
    writer.ints(
        SOLUTIONS + "/converged", all.stream().mapToInt(one -> one.converged() ? 1 : 0).toArray());
  }

  private static double[] column(Collection<PairSolution> all, ToDoubleFunction<PairSolution> of) {
    return all.stream().mapToDouble(of).toArray();
  }

  /**
   * @throws belay.error.DataException if the file is damaged, or its parts do not fit one another
   */
  static Content read(Path file) {
    try (Hdf5Reader reader = Hdf5Reader.open(file)) {
      if (!reader.text("/", "format").equals(FORMAT) || reader.integer("/", "version") != VERSION) {
        throw reader.problem("is no %s of version %d".formatted(FORMAT, VERSION));
      }
      return new Content(reader.texts("/origin"), readScores(reader), readSolutions(reader));
    }
  }

  private static List<double[][]> readScores(Hdf5Reader reader) {
    List<double[][]> scores = new ArrayList<>();
    long kernels = reader.integer(SCORES, "kernels");
    for (int kernel = 0; kernel < kernels; kernel++) {
      String path = SCORES + "/" + kernel;
      double[] flat = reader.doubles(path);
      if (reader.shape(path).size() != 2 || flat.length == 0) {
        throw reader.problem(path + " is no table of scores");
      }
      if (!Arrays.stream(flat).allMatch(share -> share >= 0 && share <= 1)) {
        throw reader.problem(path + " has a score that is no share of images");
      }
      int folds = Math.toIntExact(reader.shape(path).get(1));
      double[][] accuracy = new double[flat.length / folds][];
      Arrays.setAll(accuracy, i -> Arrays.copyOfRange(flat, i * folds, (i + 1) * folds));
      scores.add(accuracy);
    }
    return scores;
  }

  private static Map<Integer, PairSolution> readSolutions(Hdf5Reader reader) {
    int[] problems = reader.ints(SOLUTIONS + "/problem");
    int[] sizes = reader.ints(SOLUTIONS + "/size");
    double[] coefficients = reader.doubles(SOLUTIONS + "/coefficients");
    for (String column : List.of("size", "rho", "objective", "iterations", "converged")) {
      reader.expectShape(
          SOLUTIONS + "/" + column, SOLUTIONS + "/problem", List.of(problems.length));
    }
    double[] rho = reader.doubles(SOLUTIONS + "/rho");
    double[] objective = reader.doubles(SOLUTIONS + "/objective");
    long[] iterations = reader.longs(SOLUTIONS + "/iterations");
    int[] converged = reader.ints(SOLUTIONS + "/converged");
    Map<Integer, PairSolution> solutions = new TreeMap<>();
    int from = 0;
    for (int i = 0; i < problems.length; i++) {
      if (iterations[i] < 0
          || !Double.isFinite(objective[i])
          || problems[i] < 0
          || sizes[i] < 0
          || sizes[i] > coefficients.length - from) {
        throw reader.problem("holds no solution of problem " + problems[i]);
      }
      double[] own = Arrays.copyOfRange(coefficients, from, from + sizes[i]);
      from += sizes[i];
      requireFinite(reader, own, rho[i]);
      solutions.put(
          problems[i],
          new PairSolution(own, rho[i], objective[i], iterations[i], converged[i] != 0));
    }
    return solutions;
  }

  private static void requireFinite(Hdf5Reader reader, double[] coefficients, double rho) {
    if (!Double.isFinite(rho) || !Arrays.stream(coefficients).allMatch(Double::isFinite)) {
      throw reader.problem("holds a solution that is no number");
    }
  }
}
