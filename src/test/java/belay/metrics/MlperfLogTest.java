package belay.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.json.Json;
import belay.metrics.MlperfLog.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MlperfLogTest {
  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("mllog.txt");
  }

  @Test
  void everyLineHasTheFieldsThatTheFormatNames() throws IOException {
    attempt(1, -1, 1);
    for (String line : Files.readAllLines(file)) {
      assertTrue(line.startsWith(":::MLLOG {"), line);
      Map<?, ?> fields = Json.read(line.substring(":::MLLOG ".length()), Map.class);
      List<String> names =
          List.of("namespace", "time_ms", "event_type", "key", "value", "metadata");
      assertEquals(names, List.copyOf(fields.keySet()));
    }
  }

  @Test
  void anAttemptThatGoesOnLeavesNoEpochTwice() throws IOException {
    attempt(1, -1, 3);
    Files.writeString(file, ":::MLLOG {\"torn", StandardOpenOption.APPEND);
    attempt(2, 2, 4);
    assertEquals(
        List.of("run_start", "eval 1", "eval 2", "eval 3", "eval 4", "run_stop"), events());
  }

  @Test
  void aRunThatBeginsAnewForgetsWhatWasThere() throws IOException {
    attempt(1, -1, 3);
    attempt(2, -1, 1);
    assertEquals(List.of("run_start", "eval 1", "run_stop"), events());
  }

  @Test
  void aLogThatCannotBeWrittenStopsNothing() throws IOException {
    Files.createDirectories(file.resolve("in the way"));
    attempt(1, 2, 3);
    assertFalse(Files.isRegularFile(file));
  }

  private void attempt(int number, int finished, int epochs) {
    try (MlperfLog log = new MlperfLog(file, number, finished)) {
      if (log.isFresh()) {
        log.write(Event.INTERVAL_START, "run_start", null, Map.of());
      }
      for (int epoch = Math.max(0, finished) + 1; epoch <= epochs; epoch++) {
        log.write(Event.POINT_IN_TIME, "eval", 0.5, Map.of("epoch_num", epoch));
      }
      log.write(Event.INTERVAL_END, "run_stop", null, Map.of());
    }
  }

  private List<String> events() throws IOException {
    return Files.readAllLines(file).stream()
        .map(line -> Json.read(line.substring(":::MLLOG ".length()), Map.class))
        .map(MlperfLogTest::name)
        .toList();
  }

  private static String name(Map<?, ?> fields) {
    Object epoch = ((Map<?, ?>) fields.get("metadata")).get("epoch_num");
    return fields.get("key") + (epoch instanceof Number number ? " " + number.intValue() : "");
  }
}
