package belay.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.error.BusyException;
import belay.error.DataException;
import belay.storage.Fence;
import belay.train.EpochResult;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunJournalTest {
  private static final Fence OPEN = () -> {};

  @TempDir Path directory;
  private RunDirectory run;

  @BeforeEach
  void create() {
    run = RunDirectory.create(directory.resolve("run"));
  }

  @Test
  void keepsTheStatus() {
    RunJournal journal = journal();
    journal.begin(facts("train"));
    journal.status(status -> status.at(3, 1170).saved("checkpoints/ckpt-0003.h5"));
    RunStatus status = run.status().orElseThrow();
    assertEquals(RunStatus.State.RUNNING, status.state());
    assertEquals("train", status.stage());
    assertEquals(3, status.epoch());
    assertEquals(1170, status.step());
    assertEquals(1, status.attempts());
    assertEquals("checkpoints/ckpt-0003.h5", status.checkpoint());
  }

  @Test
  void writesTheStatusForPeopleAndScripts() throws IOException {
    journal().begin(facts("train"));
    String text = Files.readString(run.statusFile());
    assertTrue(text.contains("\"state\": \"running\""), text);
    assertTrue(text.contains("\n  \"stage\": \"train\""), text);
    Instant.parse(JsonParser.parseString(text).getAsJsonObject().get("updated").getAsString());
  }

  @Test
  void goesOnFromTheStatusOfTheAttemptBefore() {
    RunJournal first = journal();
    first.begin(facts("train"));
    first.status(status -> status.at(2, 780));
    RunJournal second = journal();
    assertEquals(2, second.begin(facts("train")));
    assertEquals(2, run.status().orElseThrow().epoch());
  }

  @Test
  void recordsBeginningAndEndOfAttempts() {
    RunJournal journal = journal();
    assertEquals(1, journal.begin(facts("train")));
    journal.status(status -> status.at(2, 780));
    journal.end(RunStatus.State.STOPPED, 99, "USR1", 0);
    assertEquals(2, journal().begin(facts("extract")));

    List<Attempt> attempts = run.attempts();
    assertEquals(List.of(1, 2), attempts.stream().map(a -> a.start().attempt()).toList());
    assertEquals(facts("train").numbered(1), attempts.get(0).start());
    Attempt.End end = attempts.get(0).end().orElseThrow();
    assertEquals(99, end.exitCode());
    assertEquals("USR1", end.reason());
    assertEquals(2, end.epoch());
    assertEquals(780, end.step());
    assertTrue(attempts.get(1).end().isEmpty());
    assertEquals("extract", run.status().orElseThrow().stage());
  }

  @Test
  void recordsThatAKilledAttemptEndedWithoutAWord() {
    RunJournal killed = journal();
    killed.begin(facts("train"));
    killed.status(status -> status.at(5, 1950));
    Instant lastHeardOf = run.status().orElseThrow().updated();
    journal().begin(facts("train"));
    Attempt.End end = run.attempts().get(0).end().orElseThrow();
    assertEquals("ended without a word", end.reason());
    assertEquals(null, end.exitCode());
    assertEquals(5, end.epoch());
    assertEquals(lastHeardOf, end.ended());
  }

  @Test
  void anAttemptThatIsWithdrawnHasNotBeen() throws IOException {
    RunJournal done = journal();
    done.begin(facts("train"));
    done.end(RunStatus.State.DONE, 0, "done", 0);
    String attempts = Files.readString(run.attemptsFile());
    String status = Files.readString(run.statusFile());
    RunJournal refused = journal();
    assertEquals(2, refused.begin(facts("extract")));
    refused.status(now -> now.at(9, 9));
    refused.withdraw();
    assertEquals(attempts, Files.readString(run.attemptsFile()));
    assertEquals(status, Files.readString(run.statusFile()));
    assertEquals(2, journal().begin(facts("extract")));
  }

  @Test
  void aFirstAttemptThatIsWithdrawnLeavesNoFile() {
    RunJournal refused = journal();
    refused.begin(facts("train"));
    refused.withdraw();
    assertFalse(Files.exists(run.attemptsFile()));
    assertFalse(Files.exists(run.statusFile()));
  }

  @Test
  void whatIsKnownOfAKilledAttemptStaysWhenTheNextOneIsWithdrawn() {
    RunJournal killed = journal();
    killed.begin(facts("train"));
    killed.status(status -> status.at(5, 1950));
    RunJournal refused = journal();
    refused.begin(facts("train"));
    refused.withdraw();
    List<Attempt> attempts = run.attempts();
    assertEquals(1, attempts.size());
    assertEquals("ended without a word", attempts.get(0).end().orElseThrow().reason());
    assertEquals(RunStatus.State.RUNNING, run.status().orElseThrow().state());
    assertEquals(5, run.status().orElseThrow().epoch());
  }

  @Test
  void countsAttemptsOnWithoutAStatus() throws IOException {
    journal().begin(facts("train"));
    journal().begin(facts("train"));
    Files.delete(run.statusFile());
    assertEquals(3, journal().begin(facts("train")));
  }

  @Test
  void countsAttemptsOnWithoutTheirLog() throws IOException {
    journal().begin(facts("train"));
    Files.delete(run.attemptsFile());
    assertEquals(2, journal().begin(facts("train")));
  }

  @Test
  void leavesOutWhatIsNotThere() throws IOException {
    journal().begin(facts("train"));
    String line = Files.readString(run.attemptsFile());
    assertFalse(line.contains("null"), line);
    assertFalse(line.contains("device"), line);
  }

  @Test
  void dropsAnEndThatWasTorn() throws IOException {
    RunJournal journal = journal();
    journal.begin(facts("train"));
    journal.end(RunStatus.State.DONE, 0, "done", 0);
    byte[] whole = Files.readAllBytes(run.attemptsFile());
    Files.write(run.attemptsFile(), Arrays.copyOf(whole, whole.length - 5));
    journal().begin(facts("train"));
    List<Attempt> attempts = run.attempts();
    assertEquals(2, attempts.size());
    assertEquals("ended without a word", attempts.get(0).end().orElseThrow().reason());
  }

  @Test
  void skipsALineThatIsNoJson() throws IOException {
    journal().begin(facts("train"));
    Files.writeString(run.attemptsFile(), "\u0000\u0000garbage\n", StandardOpenOption.APPEND);
    journal().begin(facts("train"));
    assertEquals(2, run.attempts().size());
  }

  @Test
  void metricsAreExactlyTheHistory() throws IOException {
    List<EpochResult> history = List.of(epoch(1, 0.1 + 0.2), epoch(2, Math.PI));
    Files.writeString(run.metricsFile(), "{\"epoch\":1}\n{\"epoch\":2}\n{\"epoch\":3}\n{\"epo");
    journal().metrics(history);
    assertEquals(history, run.metrics());
    assertEquals(2, Files.readAllLines(run.metricsFile()).size());
  }

  @Test
  void metricsMayHavePointsThatAreNoNumbers() throws IOException {
    List<EpochResult> history = List.of(epoch(1, Double.NaN));
    journal().metrics(history);
    String line = Files.readString(run.metricsFile());
    assertTrue(line.contains("\"testLoss\":null"), line);
    assertEquals(history, run.metrics());
  }

  @Test
  void keepsTheConfiguration() throws IOException {
    journal().properties("train.epochs = 3\n");
    assertEquals("train.epochs = 3\n", Files.readString(run.properties()));
  }

  @Test
  void writesNothingOnceTheRunIsLost() throws IOException {
    RunJournal journal =
        new RunJournal(
            run,
            () -> {
              throw new BusyException("lost");
            },
            Optional.empty());
    assertThrows(BusyException.class, () -> journal.begin(facts("train")));
    assertThrows(BusyException.class, () -> journal.status(status -> status.at(1, 1)));
    assertThrows(BusyException.class, () -> journal.metrics(List.of(epoch(1, 1))));
    assertThrows(BusyException.class, () -> journal.properties(""));
    assertThrows(BusyException.class, () -> journal.end(RunStatus.State.DONE, 0, "", 0));
    for (Path file :
        List.of(run.statusFile(), run.attemptsFile(), run.metricsFile(), run.properties())) {
      assertFalse(Files.exists(file), file.toString());
    }
  }

  @Test
  void anUnwritableReportIsNoReasonToStop() throws IOException {
    RunJournal journal = journal();
    journal.begin(facts("train"));
    Files.delete(run.statusFile());
    Files.createDirectories(run.statusFile().resolve("in the way"));
    Files.createDirectories(run.metricsFile().resolve("in the way"));
    journal.status(status -> status.at(1, 390));
    journal.metrics(List.of(epoch(1, 1)));
    Files.delete(run.statusFile().resolve("in the way"));
    Files.delete(run.statusFile());
    journal.status(status -> status.saved("a"));
    assertEquals(390, run.status().orElseThrow().step());
  }

  @Test
  void anUnwritableBeginningIs() throws IOException {
    Files.createDirectories(run.attemptsFile());
    DataException problem =
        assertThrows(DataException.class, () -> journal().begin(facts("train")));
    assertTrue(problem.getMessage().contains(run.path().toString()), problem.getMessage());
  }

  private RunJournal journal() {
    return new RunJournal(run, OPEN, Optional.empty());
  }

  private static Attempt.Start facts(String stage) {
    Instant started = Instant.parse("2026-05-01T10:00:00Z");
    return new Attempt.Start(0, stage, started, "n1", 4711, "slurm", "12", 0, null, "0.1.0");
  }

  private static EpochResult epoch(int number, double testLoss) {
    return new EpochResult(
        number,
        number * 390L,
        0.25,
        testLoss,
        Double.NaN,
        Double.NaN,
        Double.NaN,
        Double.NaN,
        0.98,
        1e-3,
        1.5,
        33_333.3,
        0.5,
        Instant.parse("2026-05-01T10:00:00Z"),
        Map.of("enc1/w", 1e-3));
  }
}
