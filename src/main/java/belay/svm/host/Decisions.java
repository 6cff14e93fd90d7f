package belay.svm.host;

import belay.backend.DecisionFunctions;

/**
 * Adds up decisions from kernel values, in segments of the support vectors that lie alike for every
 * sample, so that a sample's bits depend on nothing else.
 */
final class Decisions {
  /** Support vectors of a segment at most. */
  static final int SEGMENT = 512;

  private final DecisionFunctions functions;
  private final int[][] pairs;
  private final int[] starts; // first support vector of each class, then s [k + 1]

  Decisions(DecisionFunctions functions) {
    this.functions = functions;
    int classes = functions.counts().length;
    pairs = ClassOrder.pairs(classes);
    starts = new int[classes + 1];
    for (int c = 0; c < classes; c++) {
      starts[c + 1] = starts[c] + functions.counts()[c];
    }
  }

  int problems() {
    return pairs.length;
  }

  int vectors() {
    return starts[starts.length - 1];
  }

  /**
   * One sample's kernel values with some support vectors, to all of its problems.
   *
   * @param offset where those values begin
   * @param some whole segments, and the last one
   * @param out decisions, from {@code target} on
   */
  void add(float[] values, int offset, Range some, double[] out, int target) {
    for (int s = some.first(); s < some.end(); s += SEGMENT) {
      Range segment = new Range(s, Math.min(SEGMENT, some.end() - s));
      addSegment(values, offset + s - some.first(), segment, out, target);
    }
  }

  private void addSegment(float[] values, int offset, Range some, double[] out, int target) {
    for (int p = 0; p < pairs.length; p++) {
      int a = pairs[p][0];
      int b = pairs[p][1];
      out[target + p] += dot(b - 1, a, values, offset, some) + dot(a, b, values, offset, some);
    }
  }

  void subtractRho(double[] out, int samples) {
    double[] rho = functions.rho();
    for (int at = 0; at < samples * rho.length; at++) {
      out[at] -= rho[at % rho.length];
    }
  }

  /** Coefficients of one row times kernel values, where a class and the segment overlap. */
  private double dot(int row, int of, float[] values, int offset, Range some) {
    int low = Math.max(starts[of], some.first());
    int high = Math.min(starts[of + 1], some.end());
    int base = row * vectors();
    int shift = offset - some.first();
    return high <= low
        ? 0
        : dot(functions.coefficients(), base + low, values, shift + low, high - low);
  }

  /** Four sums side by side: one would wait for each addition. */
  private static double dot(double[] x, int xFirst, float[] z, int zFirst, int count) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int t = 0;
    for (; t + 3 < count; t += 4) {
      sum0 += x[xFirst + t] * z[zFirst + t];
      sum1 += x[xFirst + t + 1] * z[zFirst + t + 1];
      sum2 += x[xFirst + t + 2] * z[zFirst + t + 2];
      sum3 += x[xFirst + t + 3] * z[zFirst + t + 3];
    }
    for (; t < count; t++) {
      sum0 += x[xFirst + t] * z[zFirst + t];
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }
}
