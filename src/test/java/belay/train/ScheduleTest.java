package belay.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import belay.train.Schedule.Curve;
import org.junit.jupiter.api.Test;

/** Rates at the corners of each curve: 10 steps of warm-up, 5 steps an epoch, 110 steps in all. */
class ScheduleTest {
  @Test
  void warmUpRisesLinearlyToTheBaseRate() {
    assertEquals(0.1, rate(Curve.COSINE, 0), 1e-12);
    assertEquals(0.5, rate(Curve.COSINE, 4), 1e-12);
    assertEquals(1.0, rate(Curve.COSINE, 9), 1e-12);
    assertEquals(1.0, rate(Curve.COSINE, 10), 1e-12);
  }

  @Test
  void cosineFallsToItsFinalShare() {
    assertEquals(0.6, rate(Curve.COSINE, 60), 1e-12);
    assertEquals(0.2, rate(Curve.COSINE, 110), 1e-12);
    assertEquals(0.2, rate(Curve.COSINE, 200), 1e-12);
  }

  /** Waves of 4, 8 and 16 epochs after 10 steps of warm-up: 20, 40 and 80 steps. */
  @Test
  void restartsBeginEachWaveAtTheBaseRate() {
    Schedule waves = new Schedule(1, 10, Curve.RESTARTS, 0.2, 4, 0.5, 2);
    for (int begin : new int[] {10, 30, 70}) {
      assertEquals(1, waves.rate(begin, 5, 110), 1e-12);
    }
    assertEquals(0.6, waves.rate(20, 5, 110), 1e-12);
    assertEquals(0.6, waves.rate(50, 5, 110), 1e-12);
    assertEquals(0.2, waves.rate(69, 5, 110), 2e-3);
    assertEquals(0.2, waves.rate(29, 5, 110), 6e-3);
  }

  @Test
  void wavesThatDoNotGrowRepeat() {
    Schedule waves = new Schedule(1, 10, Curve.RESTARTS, 0, 4, 0.5, 1);
    for (int step = 10; step < 30; step++) {
      assertEquals(waves.rate(step, 5, 110), waves.rate(step + 400, 5, 110), 1e-12);
    }
    assertEquals(0.5, waves.rate(20, 5, 110), 1e-12);
  }

  @Test
  void linearFallsToItsFinalShare() {
    assertEquals(0.6, rate(Curve.LINEAR, 60), 1e-12);
    assertEquals(0.2, rate(Curve.LINEAR, 110), 1e-12);
  }

  @Test
  void stepFallsByItsFactorEveryFewEpochs() {
    assertEquals(1, rate(Curve.STEP, 19), 1e-12);
    assertEquals(0.5, rate(Curve.STEP, 20), 1e-12);
    assertEquals(0.25, rate(Curve.STEP, 40), 1e-12);
  }

  @Test
  void inverseSquareRootIsContinuousAfterTheWarmUp() {
    assertEquals(1, rate(Curve.INVERSE_SQRT, 9), 1e-12);
    assertEquals(0.5, rate(Curve.INVERSE_SQRT, 39), 1e-12);
  }

  @Test
  void constantStaysAtTheBaseRate() {
    assertEquals(1, rate(Curve.CONSTANT, 109), 1e-12);
  }

  private static double rate(Curve curve, long step) {
    return new Schedule(1, 10, curve, 0.2, 4, 0.5).rate(step, 5, 110);
  }
}
