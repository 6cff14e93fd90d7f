package belay.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * The values that an axis spans, and where each lies on it.
 *
 * @param low value at the beginning
 * @param high value at the end, above low
 * @param isLogarithmic equal distances are equal factors; low is above 0 then
 */
record Scale(double low, double high, boolean isLogarithmic) {
  private static final int TICKS = 5;

  /** Beyond it, or nearer to 0 than one over it, no axis goes: a curve may hold any number. */
  private static final double LARGEST = 1e100;

  /** From 0 to a round number above all values. */
  static Scale fromZero(DoubleStream values) {
    double most = values.filter(v -> Math.abs(v) <= LARGEST).max().orElse(1);
    double high = most > 1 / LARGEST ? most : 1;
    double step = roundStep(high / (TICKS - 1));
    return new Scale(0, Math.ceil(high / step - 1e-9) * step, false);
  }

  /** Around all positive values, with a little room. */
  static Scale logarithmic(DoubleStream values) {
    double[] known = values.filter(v -> v >= 1 / LARGEST && v <= LARGEST).sorted().toArray();
    if (known.length == 0) {
      return new Scale(0.1, 1, true);
    }
    double low = known[0];
    double high = known[known.length - 1];
    double room = Math.max(Math.pow(high / low, 0.06), 1.05);
    return new Scale(low / room, high * room, true);
  }

  static Scale of(double low, double high) {
    return new Scale(low, high > low ? high : low + 1, false);
  }

  /** 0 at the beginning, 1 at the end; NaN for a value that has no place. */
  double place(double value) {
    if (!Double.isFinite(value) || isLogarithmic && value <= 0) {
      return Double.NaN;
    }
    return isLogarithmic
        ? Math.log(value / low) / Math.log(high / low)
        : (value - low) / (high - low);
  }

  /** Round values within the scale, ascending. */
  List<Double> ticks() {
    return isLogarithmic ? logarithmicTicks() : linearTicks();
  }

  /** Whole numbers only, for epochs. */
  List<Double> wholeTicks(int most) {
    double step = Math.max(1, roundStep((high - low) / most));
    List<Double> ticks = new ArrayList<>();
    for (double tick = Math.ceil(low / step) * step; tick <= high + 1e-9; tick += step) {
      ticks.add(tick);
    }
    return ticks;
  }

  private List<Double> linearTicks() {
    double step = roundStep((high - low) / (TICKS - 1));
    List<Double> ticks = new ArrayList<>();
    for (int i = 0; low + i * step <= high + step * 1e-6; i++) {
      ticks.add(low + i * step);
    }
    return ticks;
  }

  private List<Double> logarithmicTicks() {
    for (double[] digits : new double[][] {{1}, {1, 3}, {1, 2, 5}, {1, 1.5, 2, 3, 5, 7}}) {
      List<Double> ticks = logarithmicTicks(digits);
      if (ticks.size() >= 3) {
        return thinned(ticks);
      }
    }
    double step = roundStep((high - low) / (TICKS - 1));
    return new Scale(Math.ceil(low / step) * step, high, false).linearTicks();
  }

  private List<Double> logarithmicTicks(double[] digits) {
    List<Double> ticks = new ArrayList<>();
    for (int decade = (int) Math.floor(Math.log10(low)); Math.pow(10, decade) <= high; decade++) {
      for (double digit : digits) {
        double tick = digit * Math.pow(10, decade);
        if (tick >= low && tick <= high) {
          ticks.add(tick);
        }
      }
    }
    return ticks;
  }

  private static List<Double> thinned(List<Double> ticks) {
    int every = (ticks.size() + TICKS) / (TICKS + 1);
    List<Double> some = new ArrayList<>();
    for (int i = 0; i < ticks.size(); i += Math.max(1, every)) {
      some.add(ticks.get(i));
    }
    return some;
  }

  /** The next of 1, 2, 2.5, 5 times a power of ten. */
  private static double roundStep(double step) {
    double decade = Math.pow(10, Math.floor(Math.log10(step)));
    for (double digit : new double[] {1, 2, 2.5, 5}) {
      if (step <= digit * decade * (1 + 1e-9)) {
        return digit * decade;
      }
    }
    return 10 * decade;
  }
}
