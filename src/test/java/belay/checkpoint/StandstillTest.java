package belay.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StandstillTest {
  private static final Instant BEGAN = Instant.parse("2026-11-21T01:00:00Z");

  private final List<Attempt> attempts = new ArrayList<>();
  private int epoch;
  private long step;

  @Test
  void aNewRunStandsNowhere() {
    assertEquals(0, length());
  }

  @Test
  void countsAttemptsThatLeftTheSameCheckpoint() {
    ended("slurm", 99, 2, 40); // from nothing to step 40
    ended("slurm", 99, 2, 40);
    killed("slurm", 2, 40);
    assertEquals(2, length());
  }

  @Test
  void countsAFirstAttemptThatSavedNothing() {
    ended("oar", 1, 0, 0);
    assertEquals(1, length());
  }

  @Test
  void aNewerCheckpointEndsTheRow() {
    ended("oar", 99, 2, 40);
    ended("oar", 99, 2, 40);
    killed("oar", 2, 60);
    assertEquals(0, length());
  }

  @Test
  void aCompletedStageEndsTheRow() {
    ended("slurm", 0, 12, 400);
    ended("slurm", 99, 12, 400); // extract, which leaves no checkpoint
    ended("slurm", 0, 12, 400);
    ended("slurm", 3, 12, 400);
    assertEquals(1, length());
  }

  @Test
  void anAttemptByHandEndsTheRow() {
    ended("slurm", 1, 0, 0);
    ended("none", 1, 0, 0);
    ended("slurm", 1, 0, 0);
    assertEquals(1, length());
  }

  @Test
  void aSubmissionEndsTheRow() {
    ended("slurm", 1, 0, 0);
    ended("slurm", 1, 0, 0);
    ended("slurm", 1, 0, 0);
    assertEquals(2, Standstill.length(attempts, status(), BEGAN.plusSeconds(2)));
  }

  @Test
  void aSecondTimeLimitForNothingIsEnough() {
    limited("classify", "walltime");
    assertFalse(isForWantOfTime());
    limited("classify", "walltime, signal USR1");
    assertTrue(isForWantOfTime());
  }

  @Test
  void timeLimitsOfOtherStagesAndOtherSignalsAreNoWantOfTime() {
    limited("extract", "walltime");
    limited("classify", "walltime");
    assertFalse(isForWantOfTime());
    limited("classify", "signal TERM");
    assertFalse(isForWantOfTime());
  }

  private boolean isForWantOfTime() {
    return Standstill.isForWantOfTime(attempts, length());
  }

  private void limited(String stage, String reason) {
    ended("slurm", 99, 0, 0);
    Attempt last = attempts.remove(attempts.size() - 1);
    Attempt.Start start = last.start();
    attempts.add(
        new Attempt(
            new Attempt.Start(
                start.attempt(), stage, start.started(), "n1", 1, "slurm", "7", 0, null, "1"),
            Optional.of(new Attempt.End(start.attempt(), BEGAN, 99, reason, 0, 0, null, null))));
  }

  private int length() {
    return Standstill.length(attempts, status(), Instant.EPOCH);
  }

  private void ended(String scheduler, int exitCode, int epoch, long step) {
    killed(scheduler, epoch, step);
    Attempt.Start start = attempts.remove(attempts.size() - 1).start();
    attempts.add(
        new Attempt(
            start,
            Optional.of(
                new Attempt.End(start.attempt(), BEGAN, exitCode, "", epoch, step, null, null))));
  }

  private void killed(String scheduler, int epoch, long step) {
    this.epoch = epoch;
    this.step = step;
    int number = attempts.size() + 1;
    attempts.add(
        new Attempt(
            new Attempt.Start(
                number, "train", BEGAN.plusSeconds(number), "n1", 1, scheduler, "7", 0, null, "1"),
            Optional.empty()));
  }

  private RunStatus status() {
    return RunStatus.fresh().at(epoch, step);
  }
}
