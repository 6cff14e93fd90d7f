package belay.review;

import static org.junit.jupiter.api.Assertions.assertEquals;

import belay.checkpoint.Attempt;
import belay.view.GpuTime;
import belay.view.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GpuUseTest {
  private static final Instant BEGAN = Instant.parse("2026-11-21T01:00:00Z");

  @Test
  void whatIsNotComputingIsIdle() {
    assertEquals(time(600, 0, 100), of("0", end(99, 600, null, 500.0), 600, Outcome.STOPPED));
  }

  @Test
  void whatAFailureHasNotSavedIsLost() {
    assertEquals(time(600, 200, 100), of("0", end(1, 600, 400, 300.0), 600, Outcome.FAILED));
    assertEquals(time(600, 600, 0), of("0", end(1, 600, null, 300.0), 600, Outcome.FAILED));
  }

  @Test
  void aKilledAttemptLosesWhatCameAfterItsLastCheckpoint() {
    assertEquals(time(600, 50, 0), of("3", end(null, 600, 550, null), 600, Outcome.KILLED));
  }

  @Test
  void twoGpusCountTwice() {
    assertEquals(time(1200, 0, 200), of("0,1", end(0, 600, 550, 500.0), 600, Outcome.DONE));
  }

  @Test
  void byHandTheGpuThatComputedCounts() {
    assertEquals(time(600, 0, 100), of("none", null, end(0, 600, null, 500.0), 600, Outcome.DONE));
    assertEquals(GpuTime.NONE, of("none", null, end(0, 600, null, 0.0), 600, Outcome.DONE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "local"})
  void noSchedulerGaveWhatCudaVisibleDevicesNames(String scheduler) {
    Optional<Attempt.End> onCpu = end(0, 600, null, 0.0);
    assertEquals(GpuTime.NONE, of(scheduler, "0", onCpu, 600, Outcome.DONE));
    Optional<Attempt.End> onGpu = end(0, 600, null, 500.0);
    assertEquals(time(600, 0, 100), of(scheduler, "0,1", onGpu, 600, Outcome.DONE));
  }

  @Test
  void aGpuThatASchedulerGaveIsHeldThoughNothingComputesOnIt() {
    assertEquals(time(600, 0, 600), of("oar", "0", end(0, 600, null, 0.0), 600, Outcome.DONE));
  }

  @Test
  void anAttemptAtWorkHoldsItsGpu() {
    assertEquals(time(30, 0, 0), of("0", Optional.empty(), 30, Outcome.RUNNING));
  }

  @Test
  void hoursAreTold() {
    assertEquals("20.0 (0.50 lost, 1.25 idle)", time(72_000, 1800, 4500).toString());
  }

  private static GpuTime of(String gpus, Optional<Attempt.End> end, int ended, Outcome outcome) {
    return of("slurm", gpus, end, ended, outcome);
  }

  private static GpuTime of(
      String scheduler, String gpus, Optional<Attempt.End> end, int ended, Outcome outcome) {
    String job = scheduler.equals("none") ? null : "7";
    Attempt.Start start =
        new Attempt.Start(1, "train", BEGAN, "n1", 1, scheduler, job, 0, gpus, "1");
    return GpuUse.of(new Attempt(start, end), BEGAN.plusSeconds(ended), outcome);
  }

  private static Optional<Attempt.End> end(
      Integer code, int ended, Integer saved, Double computing) {
    Instant last = saved == null ? null : BEGAN.plusSeconds(saved);
    return Optional.of(
        new Attempt.End(1, BEGAN.plusSeconds(ended), code, "", 1, 1, last, computing));
  }

  private static GpuTime time(int held, int lost, int idle) {
    return new GpuTime(
        Duration.ofSeconds(held), Duration.ofSeconds(lost), Duration.ofSeconds(idle));
  }
}
