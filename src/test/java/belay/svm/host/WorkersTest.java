package belay.svm.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.error.DataException;
import belay.error.StoppedException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WorkersTest {
  private final Workers workers = new Workers(2, "test");

  @Test
  void runsEveryTaskOnce() {
    AtomicInteger sum = new AtomicInteger();
    workers.forEach(100, sum::addAndGet);
    assertEquals(4_950, sum.get());
  }

  @Test
  void failuresPassAsTheyAre() {
    for (Throwable failure : List.of(new OutOfMemoryError("heap"), new DataException("bad row"))) {
      assertSame(
          failure, assertThrows(Throwable.class, () -> workers.forEach(3, i -> fail(failure))));
    }
  }

  @Test
  void theFirstFailureWinsAndAllAreAwaited() {
    CountDownLatch working = new CountDownLatch(1);
    AtomicBoolean ended = new AtomicBoolean();
    AtomicInteger begun = new AtomicInteger();
    Error first = new OutOfMemoryError("heap");
    RuntimeException second = new DataException("interrupted");
    Throwable thrown =
        assertThrows(
            OutOfMemoryError.class,
            () ->
                workers.forEach(
                    50,
                    i -> {
                      begun.incrementAndGet();
                      if (i == 0) {
                        working.countDown();
                        untilInterrupted();
                        ended.set(true);
                        fail(second);
                      }
                      if (i == 1) {
                        await(working);
                        fail(first);
                      }
                      untilInterrupted();
                    }));
    assertSame(first, thrown);
    assertSame(second, thrown.getSuppressed()[0]);
    assertTrue(ended.get());
    assertTrue(begun.get() <= 3, "tasks begun after the failure: " + begun);
  }

  @Test
  void anInterruptStopsAllAndStays() {
    Thread.currentThread().interrupt();
    assertThrows(StoppedException.class, () -> workers.forEach(3, i -> untilInterrupted()));
    assertTrue(Thread.interrupted());
    assertFalse(Thread.interrupted());
  }

  private static void untilInterrupted() {
    try {
      Thread.sleep(60_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void fail(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) failure;
  }
}
