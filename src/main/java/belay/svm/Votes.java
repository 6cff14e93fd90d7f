package belay.svm;

import belay.svm.host.ClassOrder;

/** From decisions of all pairs of classes to a class: one vote a pair, the lowest wins a tie. */
record Votes(int[][] pairs, int classes) {
  static Votes of(int classes) {
    return new Votes(ClassOrder.pairs(classes), classes);
  }

  /** Index of the class of a sample whose decisions begin at an index. */
  int winner(double[] decisions, int first) {
    int[] votes = new int[classes];
    for (int p = 0; p < pairs.length; p++) {
      votes[decisions[first + p] > 0 ? pairs[p][0] : pairs[p][1]]++;
    }
    int best = 0;
    for (int c = 1; c < votes.length; c++) {
      best = votes[c] > votes[best] ? c : best;
    }
    return best;
  }
}
