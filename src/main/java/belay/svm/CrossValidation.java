package belay.svm;

import belay.backend.DecisionFunctions;
import belay.backend.PairProblem;
import belay.backend.PairSolution;
import belay.backend.SvmPlan;
import belay.backend.SvmProgress;
import belay.svm.Grid.Candidate;
import belay.svm.host.ClassOrder;
import belay.svm.host.Range;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Scores values of C and folds of one kernel function together: a sample that is left out has bound
 * 0, so that the same kernel values serve all of them.
 */
final class CrossValidation {
  private final SvmPlan plan;
  private final SolvedProblems solved;
  private final ClassOrder order;
  private final double[] weights; // of the classes [k]
  private final double tolerance;
  private final SvmProgress progress;
  private final int[][] pairs;
  private final BitSet[] leftOut; // by fold
  private final int[][] remaining; // samples by fold and class that take part

  /**
   * @param plan with the kernel chosen
   */
  CrossValidation(
      SvmPlan plan,
      SolvedProblems solved,
      ClassOrder order,
      Folds folds,
      double[] weights,
      double tolerance,
      SvmProgress progress) {
    this.plan = plan;
    this.solved = solved;
    this.order = order;
    this.weights = weights;
    this.tolerance = tolerance;
    this.progress = progress;
    pairs = ClassOrder.pairs(order.count());
    leftOut = new BitSet[folds.count()];
    remaining = new int[folds.count()][order.count()];
    for (int fold = 0; fold < folds.count(); fold++) {
      leftOut[fold] = folds.leftOut(fold);
      for (int c = 0; c < order.count(); c++) {
        Range range = order.range(c);
        remaining[fold][c] =
            range.count() - leftOut[fold].get(range.first(), range.end()).cardinality();
      }
    }
  }

  /** One problem of a fold and a candidate. */
  private record Part(int fold, int candidate, int pair, PairProblem problem) {}

  /** Accuracy by candidate and fold. */
  double[][] score(List<Candidate> candidates) {
    List<Part> parts = parts(candidates);
    List<PairSolution> solutions =
        solved.solve(
            plan, parts.stream().map(Part::problem).toList(), tolerance, progress, order.sizes());
    PairSolution[][][] found = new PairSolution[leftOut.length][candidates.size()][pairs.length];
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      found[part.fold()][part.candidate()][part.pair()] = solutions.get(i);
    }
    double[][] accuracy = new double[candidates.size()][leftOut.length];
    for (int fold = 0; fold < leftOut.length; fold++) {
      score(fold, found[fold], accuracy);
    }
    return accuracy;
  }

  /** Those of one pair of classes stand together, since they share their kernel values. */
  private List<Part> parts(List<Candidate> candidates) {
    List<Part> parts = new ArrayList<>();
    for (int p = 0; p < pairs.length; p++) {
      int a = pairs[p][0];
      int b = pairs[p][1];
      for (int fold = 0; fold < leftOut.length; fold++) {
        for (int i = 0; i < candidates.size() && hasBoth(fold, p); i++) {
          double c = candidates.get(i).c();
          parts.add(
              new Part(
                  fold,
                  i,
                  p,
                  new PairProblem(a, b, c * weights[a], c * weights[b], leftOut[fold])));
        }
      }
    }
    return parts;
  }

  private boolean hasBoth(int fold, int pair) {
    return remaining[fold][pairs[pair][0]] > 0 && remaining[fold][pairs[pair][1]] > 0;
  }

  private void score(int fold, PairSolution[][] found, double[][] accuracy) {
    int[] places = leftOut[fold].stream().toArray();
    List<DecisionFunctions> functions = new ArrayList<>();
    for (PairSolution[] solutions : found) {
      functions.add(OneVsOne.functions(order, withAbsent(fold, solutions)));
    }
    List<double[]> decisions = plan.decisions(places, functions, progress);
    for (int i = 0; i < found.length; i++) {
      accuracy[i][fold] = OneVsOne.accuracy(order, places, decisions.get(i));
    }
  }

  /** A class of which nothing is left loses all its votes. */
  private PairSolution[] withAbsent(int fold, PairSolution[] solutions) {
    for (int p = 0; p < pairs.length; p++) {
      if (solutions[p] == null) {
        int size = order.range(pairs[p][0]).count() + order.range(pairs[p][1]).count();
        double rho = remaining[fold][pairs[p][0]] > 0 ? -1 : 1;
        solutions[p] = new PairSolution(new double[size], rho, 0, 0, true);
      }
    }
    return solutions;
  }
}
