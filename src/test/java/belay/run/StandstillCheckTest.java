package belay.run;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.checkpoint.Attempt;
import belay.checkpoint.RunDirectory;
import belay.checkpoint.RunJournal;
import belay.checkpoint.RunStatus;
import belay.error.StuckException;
import belay.storage.Fence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandstillCheckTest {
  @TempDir Path directory;
  private RunDirectory run;

  @BeforeEach
  void create() {
    run = RunDirectory.create(directory.resolve("run"));
  }

  @Test
  void aThirdAttemptAtAStageThatNeedsMoreTimeIsRefused() {
    attempt("walltime");
    check();
    attempt("walltime, signal USR1");
    String message = assertThrows(StuckException.class, this::check).getMessage();
    assertTrue(message.contains("before classify had anything to save"), message);
    assertEquals(message, run.status().orElseThrow().message());
  }

  @Test
  void aSolvedProblemIsAStep() throws IOException {
    attempt("walltime");
    attempt("walltime");
    Files.writeString(run.svmSolved(), "");
    assertDoesNotThrow(this::check);
    Files.setLastModifiedTime(run.svmSolved(), FileTime.fromMillis(1000));
    assertThrows(StuckException.class, this::check);
  }

  @Test
  void attemptsThatGetNowhereAreCounted() {
    for (int i = 0; i < 4; i++) {
      attempt("signal TERM");
      check();
    }
    attempt("signal TERM");
    assertThrows(StuckException.class, this::check);
  }

  @Test
  void attemptsThatDiedBeforeTheyLeftAStatusAreCounted() throws IOException {
    for (int i = 0; i < 5; i++) {
      check();
      attempt("ended without a word");
      Files.delete(run.path().resolve("status.json"));
    }
    assertThrows(StuckException.class, this::check);
  }

  private void check() {
    new StandstillCheck(run, 5).run(journal());
  }

  private void attempt(String reason) {
    RunJournal journal = journal();
    journal.begin(
        new Attempt.Start(0, "classify", Instant.now(), "n1", 1, "slurm", "7", 0, null, "1"));
    journal.end(RunStatus.State.STOPPED, 99, reason, 0);
  }

  private RunJournal journal() {
    return new RunJournal(run, Fence.NONE, Optional.empty());
  }
}
