package belay.svm;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What to choose from by cross-validation.
 *
 * @param c upper bounds of the alphas, each above 0
 * @param gamma of the RBF kernel, each above 0; an empty one: 1 / (features x variance of all
 *     scaled values)
 * @param folds parts that are left out in turn; 0 for no cross-validation, which a single candidate
 *     does not need
 * @param seed of the parts
 */
public record Grid(List<Double> c, List<OptionalDouble> gamma, int folds, long seed) {
  /** Where there is something to choose and nobody said how. */
  public static final int USUAL_FOLDS = 5;

  public Grid {
    c = List.copyOf(c);
    gamma = List.copyOf(gamma);
    require(!c.isEmpty() && !gamma.isEmpty(), "nothing to choose from");
    c.forEach(value -> require(value > 0 && Double.isFinite(value), "C = " + value));
    gamma.forEach(
        value ->
            require(
                value.isEmpty() || value.getAsDouble() > 0 && Double.isFinite(value.getAsDouble()),
                "gamma = " + value));
    require(folds >= 2 || folds == 0 && c.size() * gamma.size() == 1, folds + " folds");
  }

  /** One candidate, which needs no choice. */
  public static Grid single(double c, OptionalDouble gamma) {
    return new Grid(List.of(c), List.of(gamma), 0, 0);
  }

  /**
   * A point of the grid.
   *
   * @param gamma 0 for the linear kernel
   */
  public record Candidate(double c, double gamma) {}

  /**
   * @param gammas of the kernel, resolved; 0 for the linear one
   */
  List<Candidate> candidates(List<Double> gammas) {
    List<Candidate> all = new ArrayList<>();
    gammas.forEach(g -> c.forEach(value -> all.add(new Candidate(value, g))));
    return all;
  }

  private static void require(boolean fulfilled, String problem) {
    if (!fulfilled) {
      throw new IllegalArgumentException(problem);
    }
  }
}
