package belay.svm;

import belay.backend.DecisionFunctions;
import belay.backend.PairSolution;
import belay.svm.host.ClassOrder;
import belay.svm.host.Range;

/** From the solutions of all pairs of classes to decisions on a sample. */
final class OneVsOne {
  private OneVsOne() {}

  /**
   * Over all sorted samples, 0 where one is no support vector.
   *
   * @param solutions in the order of {@link ClassOrder#pairs}
   */
  static DecisionFunctions functions(ClassOrder order, PairSolution[] solutions) {
    int samples = order.rows().length;
    double[] all = new double[(order.count() - 1) * samples]; // [k - 1, n]
    double[] rho = new double[solutions.length];
    int[][] pairs = ClassOrder.pairs(order.count());
    for (int p = 0; p < pairs.length; p++) {
      Range a = order.range(pairs[p][0]);
      Range b = order.range(pairs[p][1]);
      double[] pair = solutions[p].coefficients();
      System.arraycopy(pair, 0, all, (pairs[p][1] - 1) * samples + a.first(), a.count());
      System.arraycopy(pair, a.count(), all, pairs[p][0] * samples + b.first(), b.count());
      rho[p] = solutions[p].rho();
    }
    return new DecisionFunctions(order.sizes(), all, rho);
  }

  /**
   * Share of some sorted samples whose class wins.
   *
   * @param decisions row-major [places, problems]
   */
  static double accuracy(ClassOrder order, int[] places, double[] decisions) {
    Votes votes = Votes.of(order.count());
    int right = 0;
    for (int i = 0; i < places.length; i++) {
      int winner = votes.winner(decisions, i * votes.pairs().length);
      right += winner == order.classOf(places[i]) ? 1 : 0;
    }
    return (double) right / places.length;
  }
}
