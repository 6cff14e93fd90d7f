package belay.svm.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import belay.svm.host.MemoryPlan.Keep;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Ten classes of 10 samples: 4,000 bytes of squares, 1,600 of a problem, 40,000 of everything. */
class MemoryPlanTest {
  private final ClassOrder order =
      ClassOrder.of(IntStream.range(0, 100).map(i -> i / 10).toArray());

  @Test
  void plentyKeepsTheWholeMatrix() {
    assertEquals(new MemoryPlan(4, Keep.ALL, 40_000), plan(40_000, 0));
    assertEquals(new MemoryPlan(4, Keep.SQUARES, 39_999), plan(39_999, 0));
  }

  @Test
  void lessSolvesFewerProblemsAtATime() {
    assertEquals(new MemoryPlan(4, Keep.SQUARES, 10_400), plan(10_400, 0));
    assertEquals(new MemoryPlan(3, Keep.SQUARES, 10_399), plan(10_399, 0));
    assertEquals(new MemoryPlan(1, Keep.SQUARES, 5_600), plan(5_600, 0));
  }

  @Test
  void withoutRoomForTheSquaresEachProblemComputesItsOwn() {
    assertEquals(new MemoryPlan(3, Keep.PAIRS, 5_599), plan(5_599, 0));
    assertEquals(new MemoryPlan(1, Keep.PAIRS, 1_600), plan(1_600, 0));
  }

  @Test
  void evenLessKeepsRecentRows() {
    assertEquals(new MemoryPlan(1, Keep.ROWS, 1_599), plan(1_599, 0));
    assertEquals(new MemoryPlan(1, Keep.ROWS, 1), plan(1, 0));
  }

  @Test
  void twoClassesHaveNothingToShare() {
    ClassOrder two = ClassOrder.of(new int[] {0, 0, 1, 1});
    assertEquals(new MemoryPlan(4, Keep.ALL, 64), MemoryPlan.of(two, 64, 4, 0));
    assertEquals(new MemoryPlan(1, Keep.ROWS, 63), MemoryPlan.of(two, 63, 4, 0));
  }

  @Test
  void everyThreadNeedsATileToo() {
    assertEquals(new MemoryPlan(4, Keep.SQUARES, 40_999), plan(40_999, 1_000));
    assertEquals(new MemoryPlan(3, Keep.SQUARES, 14_399), plan(14_399, 1_000));
    assertEquals(new MemoryPlan(1, Keep.PAIRS, 2_600), plan(2_600, 1_000));
    assertEquals(new MemoryPlan(1, Keep.ROWS, 2_599), plan(2_599, 1_000));
  }

  private MemoryPlan plan(long bytes, long tile) {
    return MemoryPlan.of(order, bytes, 4, tile);
  }
}
