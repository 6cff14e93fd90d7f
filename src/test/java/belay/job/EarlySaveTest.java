package belay.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class EarlySaveTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final CountDownLatch stop = new CountDownLatch(1);
  private final AtomicInteger looks = new AtomicInteger();

  @Test
  void stopsBeforeTheLimit() throws Exception {
    // A quarter of the time at most: three quarters of 400 ms from now, with 100 ms to spare.
    Instant limit = Instant.now().plusMillis(400);
    try (EarlySave early = watch(() -> Optional.of(limit), () -> Optional.of(limit))) {
      assertTrue(stop.await(1200, TimeUnit.SECONDS), early::toString);
    }
  }

  @Test
  void waitsOnWhenTheLimitHasMoved() throws Exception {
    Instant first = Instant.now().plusMillis(100);
    Instant later = Instant.now().plus(HOUR);
    try (EarlySave early = watch(() -> Optional.of(first), () -> Optional.of(moved(later)))) {
      while (looks.get() == 0) {
        Thread.sleep(10);
      }
      assertEquals(1, stop.getCount(), early::toString);
    }
    assertEquals(1, stop.getCount());
  }

  @Test
  void stopsAtTheKnownLimitWhenTheSchedulerNoLongerAnswers() throws Exception {
    Instant limit = Instant.now().plusMillis(100);
    try (EarlySave early = watch(() -> Optional.of(limit), Optional::empty)) {
      assertTrue(stop.await(1200, TimeUnit.SECONDS), early::toString);
    }
  }

  @Test
  void neverStopsWithoutALimit() throws Exception {
    try (EarlySave early = watch(Optional::empty, Optional::empty)) {
      assertFalse(stop.await(200, TimeUnit.MILLISECONDS), early::toString);
    }
  }

  @Test
  void aStopNearTheLimitIsThatOfTheLimit() throws Exception {
    Instant limit = Instant.now().plus(HOUR);
    try (EarlySave early = watch(() -> Optional.of(limit), () -> Optional.of(limit))) {
      assertFalse(early.isDue());
    }
    Instant near = Instant.now().plusMillis(400);
    try (EarlySave early = watch(() -> Optional.of(near), () -> Optional.of(near))) {
      assertTrue(stop.await(1200, TimeUnit.SECONDS), early::toString);
      assertTrue(early.isDue());
    }
  }

  private Instant moved(Instant later) {
    looks.incrementAndGet();
    return later;
  }

  private EarlySave watch(Supplier<Optional<Instant>> find, Supplier<Optional<Instant>> findAgain) {
    return new EarlySave(find, findAgain, HOUR, stop::countDown);
  }
}
