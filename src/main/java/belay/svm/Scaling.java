package belay.svm;

import belay.backend.FloatMatrix;
import belay.error.DataException;
import java.util.Arrays;

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
   * @throws belay.error.StoppedException if told to stop
   */
  static Scaling fit(FloatMatrix samples, Cancellation cancellation) {
    requireFinite(samples, cancellation);
    double[] mean = means(samples, cancellation);
    double[] deviation = deviations(samples, mean, cancellation);
    boolean[] changes = changes(samples, cancellation);
    for (int k = 0; k < deviation.length; k++) {
      // Rounding of the mean leaves a constant feature with a tiny deviation.
      if (!changes[k] || deviation[k] == 0) {
        deviation[k] = 1;
      }
    }
    return new Scaling(mean, deviation);
  }

  /**
   * A scaled copy of some rows.
   *
   * @throws DataException if a value is infinite or not a number, or a row too long for fp32
   * @throws belay.error.StoppedException if told to stop
   */
  FloatMatrix apply(FloatMatrix samples, Range rows, Cancellation cancellation) {
    requireSameFeatures(samples);
    FloatMatrix scaled = new FloatMatrix(rows.count(), mean.length);
    for (int i = 0; i < rows.count(); i++) {
      cancellation.check();
      scaleRow(samples, rows.first() + i, scaled.values(), i * mean.length);
    }
    return scaled;
  }

  /**
   * Scales the samples where they are: a copy of 50,000 x 8,192 would take 1.6 GB.
   *
   * @throws DataException if a value is infinite or not a number, or a row too long for fp32
   * @throws belay.error.StoppedException if told to stop; some rows are scaled then
   */
  void applyInPlace(FloatMatrix samples, Cancellation cancellation) {
    requireSameFeatures(samples);
    for (int i = 0; i < samples.rows(); i++) {
      cancellation.check();
      scaleRow(samples, i, samples.values(), i * mean.length);
    }
  }

  private void requireSameFeatures(FloatMatrix samples) {
    if (samples.columns() != mean.length) {
      throw new DataException(
          "The samples have %d features, the SVM was trained on %d; extract them with the same network."
              .formatted(samples.columns(), mean.length));
    }
  }

  private void scaleRow(FloatMatrix samples, int row, float[] out, int target) {
    int source = row * mean.length;
    double length = 0; // squared; not a number if a feature is not
    for (int k = 0; k < mean.length; k++) {
      float raw = samples.values()[source + k];
      requireFinite(raw, row, k);
      float value = (float) ((raw - mean[k]) / deviation[k]);
      out[target + k] = value;
      length += (double) value * value;
    }
    if (!(length <= LONGEST)) {
      throw new DataException(
          "Row %d: its features are too large for single precision once squared; switch scaling on."
              .formatted(row));
    }
  }

  private static void requireFinite(FloatMatrix samples, Cancellation cancellation) {
    for (int i = 0; i < samples.rows(); i++) {
      cancellation.check();
      for (int k = 0; k < samples.columns(); k++) {
        requireFinite(samples.at(i, k), i, k);
      }
    }
  }

  private static void requireFinite(float value, int row, int feature) {
    if (!Float.isFinite(value)) {
      throw new DataException(
          "Row %d, feature %d: %s is not a finite number; extract the features again."
              .formatted(row, feature, value));
    }
  }

  private static double[] means(FloatMatrix samples, Cancellation cancellation) {
    double[] sums = new double[samples.columns()];
    for (int i = 0; i < samples.rows(); i++) {
      cancellation.check();
      int base = i * sums.length;
      for (int k = 0; k < sums.length; k++) {
        sums[k] += samples.values()[base + k];
      }
    }
    return Arrays.stream(sums).map(sum -> sum / samples.rows()).toArray();
  }

  private static double[] deviations(
      FloatMatrix samples, double[] mean, Cancellation cancellation) {
    double[] squares = new double[mean.length];
    for (int i = 0; i < samples.rows(); i++) {
      cancellation.check();
      int base = i * mean.length;
      for (int k = 0; k < mean.length; k++) {
        double distance = samples.values()[base + k] - mean[k];
        squares[k] += distance * distance;
      }
    }
    return Arrays.stream(squares).map(sum -> Math.sqrt(sum / samples.rows())).toArray();
  }

  private static boolean[] changes(FloatMatrix samples, Cancellation cancellation) {
    boolean[] changes = new boolean[samples.columns()];
    for (int i = 1; i < samples.rows(); i++) {
      cancellation.check();
      int base = i * changes.length;
      for (int k = 0; k < changes.length; k++) {
        changes[k] |= samples.values()[base + k] != samples.values()[k];
      }
    }
    return changes;
  }
}
