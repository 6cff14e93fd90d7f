package belay.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunOwnerTest {
  @TempDir Path run;

  @Test
  void aRunThatNobodyTookIsFree() {
    assertEquals(Optional.empty(), RunOwner.of(run));
    assertEquals(Optional.empty(), RunOwner.of(run.resolve("absent")));
  }

  @Test
  void seesAProcessOfThisMachine() {
    try (RunLease lease =
        RunLease.acquire(run, "train, slurm job 7", RunLease.Timing.USUAL, () -> false)) {
      RunOwner owner = RunOwner.of(run).orElseThrow();
      assertTrue(owner.lives(), lease::toString);
      assertTrue(owner.description().contains("train, slurm job 7"), owner::description);
    }
    assertEquals(Optional.empty(), RunOwner.of(run));
  }

  @Test
  void judgesAProcessOfAnotherMachineByItsHeartbeat() throws IOException {
    Path file = elsewhere();
    assertTrue(RunOwner.of(run).orElseThrow().lives());
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3600)));
    RunOwner silent = RunOwner.of(run).orElseThrow();
    assertFalse(silent.lives());
    assertTrue(silent.heartbeat().toSeconds() >= 3600);
  }

  private Path elsewhere() throws IOException {
    LeaseOwner owner = new LeaseOwner("far.example", "boot", "pid:[1]", "kim", 7, 9);
    Lease lease = new Lease("token", owner, "train", Instant.now(), 5, 0, null);
    return Files.writeString(run.resolve("lease-1.json"), lease.text());
  }
}
