package belay.data.picture;

import java.util.Arrays;

/**
 * Which pixels of a row make each pixel of a shorter or longer one, and with what weights: a
 * triangle around the place where the pixel comes from, one pixel to each side for a longer row
 * (bilinear interpolation), as wide as the pixels that become one for a shorter row, so that every
 * pixel counts and none makes patterns that were not there (antialiasing).
 *
 * @param first pixel for each pixel of the result
 * @param weights of the pixels from there on; their sum is 1
 */
record Taps(int[] first, double[][] weights) {
  /**
   * @param from pixels that there are
   * @param to pixels of the result
   * @param left where the result begins, in pixels that there are
   * @param scale pixels that there are for each of the result
   */
  static Taps of(int from, int to, double left, double scale) {
    int[] first = new int[to];
    double[][] weights = new double[to][];
    double reach = Math.max(1, scale);
    for (int i = 0; i < to; i++) {
      double centre = left + (i + 0.5) * scale;
      first[i] = Math.max(0, (int) Math.floor(centre - reach));
      int end = Math.min(from, (int) Math.ceil(centre + reach));
      weights[i] = triangle(first[i], end, centre, reach);
    }
    return new Taps(first, weights);
  }

  private static double[] triangle(int first, int end, double centre, double reach) {
    double[] weights = new double[end - first];
    Arrays.setAll(weights, i -> Math.max(0, 1 - Math.abs((first + i + 0.5 - centre) / reach)));
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    double whole = sum;
    Arrays.setAll(weights, i -> weights[i] / whole);
    return weights;
  }
}
