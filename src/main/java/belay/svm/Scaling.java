package belay.svm;

import belay.backend.FloatMatrix;
import belay.error.DataException;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Brings every feature to mean 0 and deviation 1 over the training set: (x - mean) / deviation.
 *
 * @param mean per feature [d]
 * @param deviation per feature [d], population formula; 1 for a feature that never changes
 */
public record Scaling(double[] mean, double[] deviation) {
  /** Squared lengths above this overflow when a kernel adds them in fp32. */
  private static final double LONGEST = Float.MAX_VALUE / 8;

  /** Leaves every value as it is. */
  public static Scaling none(int features) {
    double[] ones = new double[features];
    Arrays.fill(ones, 1);
    return new Scaling(new double[features], ones);
  }

  /**
   * @param samples [n, d], n at least 1
   * @throws DataException if a value is infinite or not a number
   */
  public static Scaling fit(FloatMatrix samples) {
    requireFinite(samples);
    double[] mean = means(samples);
    double[] deviation = deviations(samples, mean);
    boolean[] changes = changes(samples);
    for (int k = 0; k < deviation.length; k++) {
      // Rounding of the mean leaves a constant feature with a tiny deviation.
      if (!changes[k] || deviation[k] == 0) {
        deviation[k] = 1;
      }
    }
    return new Scaling(mean, deviation);
  }

  /** All rows, scaled. */
  public FloatMatrix apply(FloatMatrix samples) {
    return apply(samples, IntStream.range(0, samples.rows()).toArray());
  }

  /**
   * The named rows, scaled, in the given order.
   *
   * @throws DataException if a value is infinite or not a number, or a row too long for fp32
   */
  public FloatMatrix apply(FloatMatrix samples, int[] rows) {
    if (samples.columns() != mean.length) {
      throw new DataException(
          "The samples have %d features, the SVM was trained on %d; extract them with the same network."
              .formatted(samples.columns(), mean.length));
    }
    FloatMatrix scaled = new FloatMatrix(rows.length, mean.length);
    for (int i = 0; i < rows.length; i++) {
      double length = scaleRow(samples, rows[i], scaled.values(), i * mean.length);
      if (!(length <= LONGEST)) {
        throw tooLong(samples, rows[i]);
      }
    }
    return scaled;
  }

  /** The squared length of the scaled row; not a number if one of its features is not. */
  private double scaleRow(FloatMatrix samples, int row, float[] out, int target) {
    int source = row * mean.length;
    double length = 0;
    for (int k = 0; k < mean.length; k++) {
      float value = (float) ((samples.values()[source + k] - mean[k]) / deviation[k]);
      out[target + k] = value;
      length += (double) value * value;
    }
    return length;
  }

  private static DataException tooLong(FloatMatrix samples, int row) {
    requireFinite(samples);
    return new DataException(
        "Row %d: its features are too large for single precision once squared; switch scaling on."
            .formatted(row));
  }

  private static void requireFinite(FloatMatrix samples) {
    float[] values = samples.values();
    for (int at = 0; at < values.length; at++) {
      if (!Float.isFinite(values[at])) {
        throw new DataException(
            "Row %d, feature %d: %s is not a finite number; extract the features again."
                .formatted(at / samples.columns(), at % samples.columns(), values[at]));
      }
    }
  }

  private static double[] means(FloatMatrix samples) {
    double[] sums = new double[samples.columns()];
    for (int i = 0; i < samples.rows(); i++) {
      int base = i * sums.length;
      for (int k = 0; k < sums.length; k++) {
        sums[k] += samples.values()[base + k];
      }
    }
    return Arrays.stream(sums).map(sum -> sum / samples.rows()).toArray();
  }

  private static double[] deviations(FloatMatrix samples, double[] mean) {
    double[] squares = new double[mean.length];
    for (int i = 0; i < samples.rows(); i++) {
      int base = i * mean.length;
      for (int k = 0; k < mean.length; k++) {
        double distance = samples.values()[base + k] - mean[k];
        squares[k] += distance * distance;
      }
    }
    return Arrays.stream(squares).map(sum -> Math.sqrt(sum / samples.rows())).toArray();
  }

  private static boolean[] changes(FloatMatrix samples) {
    boolean[] changes = new boolean[samples.columns()];
    for (int i = 1; i < samples.rows(); i++) {
      int base = i * changes.length;
      for (int k = 0; k < changes.length; k++) {
        changes[k] |= samples.values()[base + k] != samples.values()[k];
      }
    }
    return changes;
  }
}
