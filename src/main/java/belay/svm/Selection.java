package belay.svm;

import belay.svm.Grid.Candidate;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Scores of cross-validation.
 *
 * @param accuracy share of right answers on the samples left out, by candidate and fold [m][folds]
 * @param seed of the folds
 */
public record Selection(List<Candidate> candidates, double[][] accuracy, long seed) {
  public double mean(int candidate) {
    return Arrays.stream(accuracy[candidate]).average().orElse(0);
  }

  /** Population deviation over the folds. */
  public double deviation(int candidate) {
    double mean = mean(candidate);
    double squares =
        Arrays.stream(accuracy[candidate]).map(value -> (value - mean) * (value - mean)).sum();
    return Math.sqrt(squares / accuracy[candidate].length);
  }

  /** The highest mean; of equal ones the smaller C, then the smaller gamma. */
  public int best() {
    return IntStream.range(0, candidates.size())
        .boxed()
        .min(
            Comparator.<Integer>comparingDouble(i -> -mean(i))
                .thenComparingDouble(i -> candidates.get(i).c())
                .thenComparingDouble(i -> candidates.get(i).gamma()))
        .orElseThrow();
  }
}
