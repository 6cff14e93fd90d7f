package belay.tune;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The loss of steps over a rate that rises from step to step (Smith 2015, arXiv:1506.01186), and
 * the rate that follows from it: a tenth of that from which the smoothed loss is worse than at the
 * beginning, but not above that where it is lowest. The steepest descent, which others take, tells
 * less: of a network whose first scores are far apart it is where those shrink, fifty times lower
 * (docs/tune.md).
 */
final class RangeCurve {
  private static final int PARTS = 50; // of the curve, one to each side goes into a mean
  private static final double FALL = 0.02; // of the first loss, below which nothing has been learnt
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
    return rates.length > 2 * reach && smooth[lowest()] < (1 - FALL) * smooth[0];
  }

  private int lowest() {
    int lowest = 0;
    for (int i = 1; i < smooth.length; i++) {
      lowest = smooth[i] < smooth[lowest] ? i : lowest;
    }
    return lowest;
  }

  /** The rate at which the loss is lowest. */
  double lowestRate() {
    return rates[lowest()];
  }

  /**
   * The first rate beyond the lowest loss at which it is worse than before training; infinite if
   * none is.
   */
  double divergence() {
    for (int i = lowest(); i < rates.length; i++) {
      if (smooth[i] > smooth[0]) {
        return rates[i];
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  /** Whether the range was wide enough to see the loss run away. */
  boolean diverges() {
    return divergence() < Double.POSITIVE_INFINITY;
  }

  /** Whether the rate of the lowest loss is so far from running away that it is taken itself. */
  boolean isLowestTaken() {
    return diverges() && lowestRate() < divergence() / SAFETY;
  }

  double suggestion() {
    if (isLowestTaken()) {
      return lowestRate();
    }
    return (diverges() ? divergence() : lowestRate()) / SAFETY;
  }
}
