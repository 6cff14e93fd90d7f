package belay.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.view.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs of which attempt.sh alone could tell the end. */
class LastExitTest {
  private static final String EXIT =
      "{\"stage\":\"%s\",\"scheduler\":\"slurm\",\"job\":\"7\",\"host\":\"a\","
          + "\"ended\":\"2026-03-01T09:30:00Z\",\"exitCode\":%s,\"message\":%s,\"avoided\":[]}\n";
  private static final String KILLED = "\"java was killed (SIGKILL)\"";

  @TempDir private Path run;

  @BeforeEach
  void makeRun() throws Exception {
    Files.createDirectories(run.resolve("logs"));
  }

  @ParameterizedTest
  @CsvSource({"137,KILLED", "134,KILLED", "3,FAILED", "2,FAILED", "99,STOPPED", "0,NEW"})
  void tellsHowAJobEndedThatWroteNothingElse(int code, Outcome outcome) throws Exception {
    exit(EXIT.formatted("train", code, KILLED));
    assertEquals(outcome, new RunRecord(run).outcome());
    assertEquals("java was killed (SIGKILL)", new RunRecord(run).message());
  }

  @Test
  void countsAgainstAnOlderStatusAndNotAgainstANewerOne() throws Exception {
    Path status = status("stopped");
    Path exit = exit(EXIT.formatted("train", 3, "\"No data\""));
    age(status, 100);
    assertEquals(Outcome.FAILED, new RunRecord(run).outcome());
    age(exit, 200);
    assertEquals(Outcome.STOPPED, new RunRecord(run).outcome());
    assertEquals("", new RunRecord(run).message());
  }

  @Test
  void saysWhyAnAttemptCouldNotTellItsEnd() throws Exception {
    Files.writeString(
        run.resolve("attempts.jsonl"),
        "{\"attempt\":1,\"stage\":\"train\",\"started\":\"2026-03-01T09:00:00Z\",\"scheduler\":\"slurm\",\"jobId\":\"7\"}\n");
    age(status("running"), 100);
    exit(EXIT.formatted("train", 137, KILLED));
    RunRecord record = new RunRecord(run);
    assertEquals(
        "java was killed (SIGKILL)",
        new AttemptHistory(record, Instant.now()).works().get(0).reason());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "{\"stage\":\"train\"}",
        "{\"stage\":\"\\u001b[2J\",\"ended\":\"2026-03-01T09:30:00Z\",\"exitCode\":3}",
        "{\"stage\":\"train\",\"ended\":\"2026-03-01T09:30:00Z\",\"exitCode\":-1}",
        "{\"stage\":\"train\",\"ended\":\"2026-03-01T09:30:00Z\",\"exitCode\":1e9}",
        "{\"stage\":\"train\",\"ended\":\"+999999-01-01T00:00:00Z\",\"exitCode\":3}",
        "{\"stage\":\"train\",\"ended\":\"2026-03-01T09:30:00Z\",\"exitCode\":3,\"avoided\":[null]}",
      })
  void whatIsNoSuchFileIsAbsent(String text) throws Exception {
    exit(text);
    assertEquals(Optional.empty(), new RunRecord(run).lastExit());
    assertEquals(Outcome.NEW, new RunRecord(run).outcome());
  }

  @Test
  void aLinkAndAFileOfAnySizeAreAbsent() throws Exception {
    Path file = exit(EXIT.formatted("train", 3, "\"" + "x".repeat(1 << 20) + "\""));
    assertTrue(new RunRecord(run).lastExit().isEmpty());
    exit(EXIT.formatted("train", 3, "\"\""));
    Files.move(file, run.resolve("elsewhere"));
    Files.createSymbolicLink(file, run.resolve("elsewhere"));
    assertTrue(new RunRecord(run).lastExit().isEmpty());
  }

  private Path exit(String text) throws Exception {
    return Files.writeString(run.resolve("logs/last-exit.json"), text);
  }

  private Path status(String state) throws Exception {
    return Files.writeString(
        run.resolve("status.json"),
        "{\"stage\":\"train\",\"state\":\"%s\",\"updated\":\"2026-03-01T09:00:00Z\"}"
            .formatted(state));
  }

  private static void age(Path file, int seconds) throws Exception {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(seconds)));
  }
}
