package belay.svm;

import belay.backend.DecisionFunctions;
import belay.svm.host.ClassOrder;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The samples that some problem needs, and their part in each.
 *
 * @param positions in the order sorted by class, ascending [s]
 * @param functions over these samples alone
 */
record SupportSet(int[] positions, DecisionFunctions functions) {
  /**
   * @param all over all sorted samples
   */
  static SupportSet of(ClassOrder order, DecisionFunctions all) {
    int samples = order.rows().length;
    int slots = order.count() - 1;
    double[] values = all.coefficients();
    int[] positions =
        IntStream.range(0, samples)
            .filter(p -> IntStream.range(0, slots).anyMatch(s -> values[s * samples + p] != 0))
            .toArray();
    int[] counts = new int[order.count()];
    Arrays.stream(positions).forEach(p -> counts[order.classOf(p)]++);
    double[] kept = new double[slots * positions.length];
    for (int s = 0; s < slots; s++) {
      for (int i = 0; i < positions.length; i++) {
        kept[s * positions.length + i] = values[s * samples + positions[i]];
      }
    }
    return new SupportSet(positions, new DecisionFunctions(counts, kept, all.rho()));
  }
}
