package belay.tune;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The loss of steps over a rate that rises from step to step (Smith 2015, arXiv:1506.01186), and
 * the rate that follows from it: a tenth of that from which the smoothed loss has given back a
 * third of its fall. Two other rules were tried and tell less (docs/tune.md): where the descent is
 * steepest, and where the loss is worse than at the beginning, which networks with batch norm may
 * never be, as scales do not matter to them.
 */
final class RangeCurve {
  private static final int PARTS = 50; // of the curve, one to each side goes into a mean
  private static final double LEAST_FALL = 0.02; // of the first loss, or nothing has been learnt
  private static final double GIVEN_BACK = 1.0 / 3;
  private static final double SAFETY = 10;

  private final double[] rates;
  private final double[] smooth;
  private final int reach;

  /**
   * @param points a step each, rates ascending
   */
  RangeCurve(List<Point> points) {
    rates = points.stream().mapToDouble(Point::at).toArray();
    reach = Math.max(1, rates.length / PARTS);
    double[] losses = points.stream().mapToDouble(Point::trainLoss).toArray();
    smooth = IntStream.range(0, rates.length).mapToDouble(i -> mean(losses, i)).toArray();
  }

  private double mean(double[] losses, int at) {
    int from = Math.max(0, at - reach);
    int to = Math.min(losses.length, at + reach + 1);
    return IntStream.range(from, to).mapToDouble(i -> losses[i]).average().orElseThrow();
  }

  /** Mean of the losses around each step. */
  double[] smooth() {
    return smooth.clone();
  }

  /** Whether there is a rate that lowers the loss. */
  boolean falls() {
    return rates.length > 2 * reach && fall() > LEAST_FALL * smooth[0];
  }

  private double fall() {
    return smooth[0] - Arrays.stream(smooth).min().orElse(smooth[0]);
  }

  /** Whether the range was wide enough to see the loss run away. */
  boolean runsAway() {
    return away() < rates.length;
  }

  /**
   * The first step by which the loss, once half of its whole fall is behind it, has given back a
   * third of what it had fallen; the number of steps if there is none.
   */
  private int away() {
    double lowest = smooth[0];
    for (int i = 0; i < smooth.length; i++) {
      lowest = Math.min(lowest, smooth[i]);
      double fallen = smooth[0] - lowest;
      if (fallen >= fall() / 2 && smooth[i] - lowest > GIVEN_BACK * fallen) {
        return i;
      }
    }
    return smooth.length;
  }

  /** A tenth of the rate of running away, or, where nothing does, of that of the lowest loss. */
  double suggestion() {
    return (runsAway() ? rates[away()] : rates[lowest()]) / SAFETY;
  }

  private int lowest() {
    int lowest = 0;
    for (int i = 1; i < smooth.length; i++) {
      lowest = smooth[i] < smooth[lowest] ? i : lowest;
    }
    return lowest;
  }
}
