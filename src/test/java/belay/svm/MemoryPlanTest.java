package belay.svm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Classes of 10, 20 and 30 samples: 5,600 bytes of squares, 10,000 of the largest problem. */
class MemoryPlanTest {
  private final ClassOrder order =
      ClassOrder.of(IntStream.range(0, 60).map(i -> i < 10 ? 0 : i < 30 ? 1 : 2).toArray());

  @Test
  void plentySolvesAllProblemsAtATime() {
    assertEquals(new MemoryPlan(3, true, true), MemoryPlan.of(order, 45_600, 4));
  }

  @Test
  void lessSolvesFewerProblemsAtATime() {
    assertEquals(new MemoryPlan(2, true, true), MemoryPlan.of(order, 35_599, 4));
    assertEquals(new MemoryPlan(1, true, true), MemoryPlan.of(order, 15_600, 4));
  }

  @Test
  void withoutRoomForTheSquaresEachProblemComputesItsOwn() {
    assertEquals(new MemoryPlan(1, true, false), MemoryPlan.of(order, 15_599, 4));
    assertEquals(new MemoryPlan(1, true, false), MemoryPlan.of(order, 10_000, 4));
  }

  @Test
  void evenLessKeepsRecentRows() {
    assertEquals(new MemoryPlan(1, false, false), MemoryPlan.of(order, 9_999, 4));
    assertEquals(new MemoryPlan(1, false, false), MemoryPlan.of(order, 1, 4));
  }

  @Test
  void twoClassesHaveNothingToShare() {
    ClassOrder two = ClassOrder.of(new int[] {0, 0, 1, 1});
    assertEquals(new MemoryPlan(1, true, false), MemoryPlan.of(two, 1_000_000, 4));
  }
}
