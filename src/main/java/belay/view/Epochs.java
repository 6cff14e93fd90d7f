package belay.view;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What the finished epochs measured. Every array has a value an epoch; NaN where none was recorded.
 *
 * @param numbers of the epochs, ascending
 * @param columns values by measure
 * @param updateRatios length of the last step's change over that of the weights, by parameter in
 *     the network's order
 * @param targetLoss loss that the run was to reach; NaN without one
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

  /** Measures that some epoch recorded. */
  public List<Measure> known() {
    return Stream.of(Measure.values()).filter(this::isKnown).toList();
  }

  public boolean isKnown(Measure measure) {
    return Arrays.stream(column(measure)).anyMatch(Double::isFinite);
  }

  /**
   * The loss that epochs are judged by: of held-out images if there are any, else of test images.
   */
  public Measure judgingLoss() {
    return isKnown(Measure.VALIDATION_LOSS) ? Measure.VALIDATION_LOSS : Measure.TEST_LOSS;
  }

  /** The same of accuracy. */
  public Measure judgingAccuracy() {
    return isKnown(Measure.VALIDATION_LOSS) ? Measure.VALIDATION_ACCURACY : Measure.TEST_ACCURACY;
  }

  /**
   * Index of the lowest judging loss, the earliest of equals; the last one where test images of
   * classes judge, which may not choose; -1 without any.
   */
  public int best() {
    if (isKnown(Measure.TEST_ACCURACY) && !isKnown(Measure.VALIDATION_LOSS)) {
      return count() - 1;
    }
    int best = -1;
    double[] losses = column(judgingLoss());
    for (int i = 0; i < losses.length; i++) {
      if (Double.isFinite(losses[i]) && (best < 0 || losses[i] < losses[best])) {
        best = i;
      }
    }
    return best;
  }

  /** What the best epoch measured; NaN without any. */
  public double best(Measure measure) {
    return best() < 0 ? Double.NaN : column(measure)[best()];
  }

  /** Seconds of training and evaluation until the target was reached; NaN if it was not. */
  public double secondsToTarget() {
    double seconds = 0;
    for (int i = 0; i < count(); i++) {
      double evaluation = column(Measure.EVALUATION_SECONDS)[i];
      seconds += column(Measure.SECONDS)[i] + (Double.isFinite(evaluation) ? evaluation : 0);
      if (column(judgingLoss())[i] <= targetLoss) {
        return seconds;
      }
    }
    return Double.NaN;
  }
}
