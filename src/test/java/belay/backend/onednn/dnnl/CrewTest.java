package belay.backend.onednn.dnnl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How a crew ends when a task fails. */
class CrewTest {
  private final Crew crew = new Crew(2);

  @BeforeAll
  static void needsThePlatform() {
    assumeTrue(Natives.problem().isEmpty(), () -> Natives.problem().get());
  }

  /** Native memory is freed after the call: nobody may write to it any more. */
  @Test
  void anErrorLeavesOnlyAfterTheOtherWorkersHaveEnded() {
    Error failure = new OutOfMemoryError("thrown by the test");
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch failed = new CountDownLatch(1);
    AtomicInteger ended = new AtomicInteger();
    Error seen =
        assertThrows(
            OutOfMemoryError.class,
            () ->
                crew.forEach(
                    2,
                    (worker, index) -> {
                      if (worker == 0) {
                        wait(begun);
                        failed.countDown();
                        throw failure;
                      }
                      begun.countDown();
                      wait(failed);
                      sleep(200); // longer than the failure takes to reach the caller
                      ended.incrementAndGet();
                    }));
    assertSame(failure, seen);
    assertEquals(1, ended.get());
    crew.close();
  }

  @Test
  void furtherFailuresAreSuppressedByTheFirst() {
    CyclicBarrier both = new CyclicBarrier(2);
    RuntimeException seen =
        assertThrows(
            ArithmeticException.class,
            () ->
                crew.forEach(
                    2,
                    (worker, index) -> {
                      await(both);
                      throw new ArithmeticException();
                    }));
    assertEquals(1, seen.getSuppressed().length);
    crew.close();
  }

  @Test
  void noTaskIsBegunAfterAFailure() {
    AtomicInteger begun = new AtomicInteger();
    try (Crew single = new Crew(1)) {
      assertThrows(
          ArithmeticException.class,
          () ->
              single.forEach(
                  5,
                  (worker, index) -> {
                    begun.incrementAndGet();
                    throw new ArithmeticException();
                  }));
    }
    assertEquals(1, begun.get());
    crew.close();
  }

  @Test
  void theNextTasksRunAfterAFailure() {
    assertThrows(
        StackOverflowError.class,
        () ->
            crew.forEach(
                9,
                (worker, index) -> {
                  throw new StackOverflowError();
                }));
    int[] done = new int[9];
    crew.forEach(9, (worker, index) -> done[index]++);
    assertArrayEquals(new int[] {1, 1, 1, 1, 1, 1, 1, 1, 1}, done);
    crew.close();
  }

  private static void wait(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void sleep(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
