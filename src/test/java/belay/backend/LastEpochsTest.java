package belay.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Shares of the steps of 5 epochs of 3 steps, whose last 3 count. */
class LastEpochsTest {
  private static final LastEpochs LAST = new LastEpochs(3, 5, 3, 0);

  /** What an average of one weight is after so many steps of a weight that is step squared. */
  private static double average(LastEpochs last, int steps) {
    double average = 0;
    for (int step = 1; step <= steps; step++) {
      average += last.share(step) * ((double) step * step - average);
    }
    return average;
  }

  @Test
  void atTheEndItIsTheMeanOfTheWeightsAfterTheLastEpochs() {
    assertEquals((81 + 144 + 225) / 3.0, average(LAST, 15), 1e-4);
    assertEquals((81 + 144) / 2.0, average(LAST, 14), 1e-4);
    assertEquals((81 + 144) / 2.0, average(LAST, 12), 1e-4);
    assertEquals(81, average(LAST, 11));
  }

  @Test
  void beforeThatItFollowsTheWeights() {
    for (int step = 1; step <= 9; step++) {
      assertEquals(step * step, average(LAST, step));
    }
  }

  @Test
  void moreEpochsThanThereAreAreAllOfThem() {
    assertEquals((9 + 36) / 2.0, average(new LastEpochs(7, 2, 3, 0), 6), 1e-4);
  }

  @Test
  void itWantsNewStatisticsWhereItHasChangedAtAnEpochsEnd() {
    for (int step = 1; step <= 15; step++) {
      assertEquals(step == 9 || step == 12 || step == 15, LAST.isMeanAfter(step), "step " + step);
    }
    assertFalse(LastEpochs.NONE.isMeanAfter(3));
    assertTrue(LastEpochs.NONE.isNone());
  }

  /** Two epochs of 6 steps were over when minibatches became twice as large. */
  @Test
  void stepsOfAnotherSizeBeforeDoNotMoveTheEpochs() {
    LastEpochs last = new LastEpochs(2, 4, 3, 12 - 2 * 3);
    assertFalse(last.isMeanAfter(12));
    assertTrue(last.isMeanAfter(15));
    assertEquals(0.5f, last.share(18));
  }
}
