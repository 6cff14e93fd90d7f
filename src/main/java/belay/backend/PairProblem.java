package belay.backend;

import java.util.BitSet;

/**
 * A binary C-SVC problem, min 0.5 a' Q a - sum a with 0 <= a_i <= its bound and y' a = 0, over the
 * samples of two classes.
 *
 * @param first class of label +1
 * @param second class of label -1; its samples follow those of the first in all arrays
 * @param firstBound C of the first class's samples, above 0
 * @param secondBound C of the second class's samples, above 0
 * @param leftOut places in the whole matrix whose samples take no part (the fold that
 *     cross-validation holds out); each class keeps at least one sample
 */
public record PairProblem(
    int first, int second, double firstBound, double secondBound, BitSet leftOut) {
  private static final BitSet NONE = new BitSet();

  public PairProblem {
    if (first == second || !(firstBound > 0) || !(secondBound > 0)) {
      throw new IllegalArgumentException(
          "Classes %d and %d, bounds %s and %s".formatted(first, second, firstBound, secondBound));
    }
  }

  /** Of all samples, with one bound. */
  public PairProblem(int first, int second, double bound) {
    this(first, second, bound, bound, NONE);
  }
}
