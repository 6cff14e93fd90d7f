package belay.inspect;

/**
 * Of the values of a tensor, summed in their order in double precision.
 *
 * @param mean NaN if there is no value
 * @param deviation root of the mean squared distance from the mean
 * @param zeros share of values that are exactly 0
 * @param norm root of the sum of squares
 */
record Statistics(
    long count, double mean, double deviation, double min, double max, double zeros, double norm) {

  static Statistics of(float[] values, int from, int to) {
    Accumulator sums = new Accumulator();
    sums.add(values, from, to);
    return sums.statistics();
  }

  /** Takes values piece by piece. */
  static final class Accumulator {
    private long count;
    private long zeros;
    private double sum;
    private double squares;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;

    void add(float[] values, int from, int to) {
      for (int i = from; i < to; i++) {
        double value = values[i];
        sum += value;
        squares += value * value;
        min = Math.min(min, value);
        max = Math.max(max, value);
        zeros += value == 0 ? 1 : 0;
      }
      count += to - from;
    }

    Statistics statistics() {
      double mean = sum / count;
      double variance = Math.max(0, squares / count - mean * mean);
      return new Statistics(
          count, mean, Math.sqrt(variance), min, max, (double) zeros / count, Math.sqrt(squares));
    }
  }
}
