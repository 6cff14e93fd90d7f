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
    assertEquals(new MemoryPlan(3, true, true, 45_600), MemoryPlan.of(order, 45_600, 4, 0));
  }

  @Test
  void lessSolvesFewerProblemsAtATime() {
    assertEquals(new MemoryPlan(2, true, true, 35_599), MemoryPlan.of(order, 35_599, 4, 0));
    assertEquals(new MemoryPlan(1, true, true, 15_600), MemoryPlan.of(order, 15_600, 4, 0));
  }

  @Test
  void withoutRoomForTheSquaresEachProblemComputesItsOwn() {
    assertEquals(new MemoryPlan(1, true, false, 15_599), MemoryPlan.of(order, 15_599, 4, 0));
    assertEquals(new MemoryPlan(1, true, false, 10_000), MemoryPlan.of(order, 10_000, 4, 0));
  }

  @Test
  void evenLessKeepsRecentRows() {
    assertEquals(new MemoryPlan(1, false, false, 9_999), MemoryPlan.of(order, 9_999, 4, 0));
    assertEquals(new MemoryPlan(1, false, false, 1), MemoryPlan.of(order, 1, 4, 0));
  }

  @Test
  void twoClassesHaveNothingToShare() {
    ClassOrder two = ClassOrder.of(new int[] {0, 0, 1, 1});
    assertEquals(new MemoryPlan(1, true, false, 1_000_000), MemoryPlan.of(two, 1_000_000, 4, 0));
  }

  @Test
  void everyThreadNeedsATileToo() {
    assertEquals(new MemoryPlan(2, true, true, 35_600), MemoryPlan.of(order, 35_600, 4, 1_000));
    assertEquals(new MemoryPlan(1, true, true, 35_600), MemoryPlan.of(order, 35_600, 4, 6_000));
    assertEquals(new MemoryPlan(1, false, false, 10_999), MemoryPlan.of(order, 10_999, 4, 1_000));
  }

  @Test
  void mostIsTheLeastThatSolvesAllAtATime() {
    assertEquals(3, MemoryPlan.of(order, MemoryPlan.most(order, 4, 1_000), 4, 1_000).threads());
    long less = MemoryPlan.most(order, 4, 1_000) - 1;
    assertEquals(2, MemoryPlan.of(order, less, 4, 1_000).threads());
  }
}
