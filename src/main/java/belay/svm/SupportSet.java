package belay.svm;

import belay.backend.FloatMatrix;
import belay.backend.KernelFunction;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The samples that some problem needs, and their part in each.
 *
 * @param positions in the order sorted by class, ascending [s]
 * @param counts support vectors of each class [k]
 * @param coefficients as in {@link SvmModel} [k - 1, s]
 * @param rho one a problem
 */
record SupportSet(int[] positions, int[] counts, double[] coefficients, double[] rho) {
  static SupportSet of(ClassOrder order, Solution[] solutions) {
    double[] all = scatter(order, solutions);
    int samples = order.rows().length;
    int slots = order.count() - 1;
    int[] positions =
        IntStream.range(0, samples)
            .filter(p -> IntStream.range(0, slots).anyMatch(s -> all[s * samples + p] != 0))
            .toArray();
    int[] counts = new int[order.count()];
    for (int c = 0; c < counts.length; c++) {
      Range range = order.range(c);
      counts[c] =
          (int) Arrays.stream(positions).filter(p -> p >= range.first() && p < range.end()).count();
    }
    double[] kept = new double[slots * positions.length];
    for (int s = 0; s < slots; s++) {
      for (int i = 0; i < positions.length; i++) {
        kept[s * positions.length + i] = all[s * samples + positions[i]];
      }
    }
    double[] rho = Arrays.stream(solutions).mapToDouble(Solution::rho).toArray();
    return new SupportSet(positions, counts, kept, rho);
  }

  /** The coefficients of all samples, [k - 1, n]. */
  private static double[] scatter(ClassOrder order, Solution[] solutions) {
    int samples = order.rows().length;
    double[] all = new double[(order.count() - 1) * samples];
    int[][] pairs = ClassOrder.pairs(order.count());
    for (int p = 0; p < pairs.length; p++) {
      Range a = order.range(pairs[p][0]);
      Range b = order.range(pairs[p][1]);
      double[] pair = solutions[p].coefficients();
      System.arraycopy(pair, 0, all, (pairs[p][1] - 1) * samples + a.first(), a.count());
      System.arraycopy(pair, a.count(), all, pairs[p][0] * samples + b.first(), b.count());
    }
    return all;
  }

  /**
   * @param samples scaled and sorted [n, d]; shared if every sample is a support vector
   * @param names by label, or empty
   */
  SvmModel model(
      ClassOrder order,
      Scaling scaling,
      double c,
      KernelFunction kernel,
      FloatMatrix samples,
      List<String> names) {
    int[] rows = Arrays.stream(positions).map(p -> order.rows()[p]).toArray();
    List<String> own =
        names.isEmpty() ? List.of() : Arrays.stream(order.classes()).mapToObj(names::get).toList();
    return new SvmModel(
        order.classes(),
        own,
        scaling,
        c,
        kernel,
        counts,
        rows,
        vectors(samples),
        coefficients,
        rho);
  }

  private FloatMatrix vectors(FloatMatrix samples) {
    if (positions.length == samples.rows()) {
      return samples;
    }
    int width = samples.columns();
    FloatMatrix vectors = new FloatMatrix(positions.length, width);
    for (int i = 0; i < positions.length; i++) {
      System.arraycopy(samples.values(), positions[i] * width, vectors.values(), i * width, width);
    }
    return vectors;
  }
}
