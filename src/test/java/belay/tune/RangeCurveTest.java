package belay.tune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Curves whose suggestion can be told by heart: 281 rates from 1e-6 to 10, forty to a decade. */
class RangeCurveTest {
  private static RangeCurve curve(DoubleUnaryOperator loss) {
    List<Point> points =
        IntStream.rangeClosed(0, 280)
            .mapToDouble(i -> 1e-6 * Math.pow(10, i / 40.0))
            .mapToObj(rate -> new Point(rate, loss.applyAsDouble(rate), 0, 0, 0))
            .toList();
    return new RangeCurve(points);
  }

  /** Falls between 1e-4 and 1e-2, stays, and is 4 from 0.1 on. */
  private static double usual(double rate) {
    double fallen = Math.min(1, Math.max(0, (Math.log10(rate) + 4) / 2));
    return rate >= 0.1 ? 4 : 2 - fallen + 0.01 * Math.abs(Math.log10(rate) + 2);
  }

  @Test
  void aTenthOfTheRateFromWhichTheLossRunsAway() {
    RangeCurve curve = curve(RangeCurveTest::usual);
    assertTrue(curve.falls());
    assertTrue(curve.runsAway());
    assertEquals(0.01, curve.suggestion(), 0.002);
  }

  /** As batch norm does, whose first weights have grown so large that steps are small again. */
  @Test
  void aSecondValleyChangesNothing() {
    RangeCurve curve = curve(rate -> rate > 0.2 && rate < 2 ? 0.5 : Math.min(1.6, usual(rate)));
    assertEquals(0.01, curve.suggestion(), 0.002);
  }

  @Test
  void aTenthOfTheLowestWhereNothingRunsAway() {
    RangeCurve curve = curve(rate -> usual(Math.min(rate, 0.09)));
    assertFalse(curve.runsAway());
    assertEquals(0.001, curve.suggestion(), 0.0004);
  }

  /** Noise of the first steps, which have fallen next to nothing and give that back. */
  @Test
  void aWaveInTheBeginningIsNoRunningAway() {
    RangeCurve curve = curve(rate -> usual(rate) + (rate > 1e-6 && rate < 3e-6 ? -0.05 : 0));
    assertEquals(0.01, curve.suggestion(), 0.002);
  }

  @Test
  void aCurveThatDoesNotFallSuggestsNothing() {
    assertFalse(curve(rate -> 2 + rate).falls());
    assertFalse(curve(rate -> 2 - 0.001 * rate).falls());
    assertFalse(new RangeCurve(List.of()).falls());
  }

  /** A single lucky minibatch is no descent. */
  @Test
  void oneLowLossAmongOthersChangesLittle() {
    double[] all = {0};
    RangeCurve curve = curve(rate -> all[0]++ == 20 ? 0.5 : usual(rate));
    assertEquals(0.01, curve.suggestion(), 0.002);
  }
}
