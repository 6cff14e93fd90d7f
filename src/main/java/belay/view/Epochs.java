package belay.view;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What the finished epochs measured. Every array has a value an epoch; NaN where none was recorded.
 *
 * @param numbers of the epochs, ascending
 * @param columns values by measure
 * @param updateRatios length of the last step's change over that of the weights, by parameter in
 *     the network's order
 * @param targetLoss test loss that the run was to reach; NaN without one
 */
public record Epochs(
    int[] numbers,
    Map<Measure, double[]> columns,
    Map<String, double[]> updateRatios,
    double targetLoss) {

  public Epochs {
    updateRatios = new LinkedHashMap<>(updateRatios);
  }

  public int count() {
    return numbers.length;
  }

  public double[] column(Measure measure) {
    return columns.get(measure);
  }

  public double last(Measure measure) {
    return count() == 0 ? Double.NaN : column(measure)[count() - 1];
  }

  public double total(Measure measure) {
    return IntStream.range(0, count())
        .mapToDouble(i -> column(measure)[i])
        .filter(Double::isFinite)
        .sum();
  }

  /** Index of the lowest test loss, the earliest of equals; -1 without any. */
  public int best() {
    int best = -1;
    double[] losses = column(Measure.TEST_LOSS);
    for (int i = 0; i < losses.length; i++) {
      if (Double.isFinite(losses[i]) && (best < 0 || losses[i] < losses[best])) {
        best = i;
      }
    }
    return best;
  }

  public double bestTestLoss() {
    return best() < 0 ? Double.NaN : column(Measure.TEST_LOSS)[best()];
  }

  /** Seconds of training and evaluation until the target was reached; NaN if it was not. */
  public double secondsToTarget() {
    double seconds = 0;
    for (int i = 0; i < count(); i++) {
      double evaluation = column(Measure.EVALUATION_SECONDS)[i];
      seconds += column(Measure.SECONDS)[i] + (Double.isFinite(evaluation) ? evaluation : 0);
      if (column(Measure.TEST_LOSS)[i] <= targetLoss) {
        return seconds;
      }
    }
    return Double.NaN;
  }
}
