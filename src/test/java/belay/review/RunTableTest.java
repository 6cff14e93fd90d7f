package belay.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.error.ConfigurationException;
import belay.error.DataException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunTableTest {
  @TempDir private Path root;

  @BeforeEach
  void threeRuns() throws Exception {
    run("a/first", "train.batch = 64", 0.02, 0.01);
    run("a/second", "train.batch = 128", 0.03, 0.002);
    run("third", "train.batch = 128\nunknown.key = from the future", 0.005, 0.006);
    Files.createDirectories(root.resolve("a/first/checkpoints/nested"));
    Files.writeString(root.resolve("a/first/checkpoints/nested/status.json"), "{}");
    Files.createDirectories(root.resolve("no-run/empty"));
  }

  private void run(String name, String properties, double... losses) throws Exception {
    Path run = Files.createDirectories(root.resolve(name));
    Files.writeString(run.resolve("run.properties"), properties + "\n");
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < losses.length; i++) {
      lines.append("{\"epoch\":%d,\"testLoss\":%s}\n".formatted(i + 1, losses[i]));
    }
    Files.writeString(run.resolve("metrics.jsonl"), lines + "{\"epoch\":3,\"tes");
  }

  private List<Map<String, Object>> rows(
      List<String> columns, List<String> conditions, String sort, boolean isReversed) {
    return new RunTable(root, columns, conditions, sort, isReversed).find().table().records();
  }

  private List<Object> names(List<String> conditions, String sort, boolean isReversed) {
    return rows(List.of("run"), conditions, sort, isReversed).stream()
        .map(row -> row.get("run"))
        .toList();
  }

  @Test
  void findsRunsAtAnyDepthAndNothingWithinARun() {
    assertEquals(List.of("a/first", "a/second", "third"), names(List.of(), null, false));
  }

  @Test
  void sortsByTheBestLossEitherWay() {
    assertEquals(List.of("a/second", "third", "a/first"), names(List.of(), "test-loss", false));
    assertEquals(List.of("a/first", "third", "a/second"), names(List.of(), "test-loss", true));
  }

  @Test
  void gpuHoursAreThoseOfAllAttempts() throws Exception {
    run("gpu", "train.batch = 1", 0.5);
    Files.writeString(
        root.resolve("gpu/attempts.jsonl"),
        """
        {"attempt":1,"stage":"train","started":"2026-11-21T00:00:00Z","scheduler":"slurm","gpus":"0,1"}
        {"attempt":1,"ended":"2026-11-21T00:30:00Z","reason":"ended without a word","saved":"2026-11-21T00:15:00Z"}
        {"attempt":2,"stage":"train","started":"2026-11-21T01:00:00Z","scheduler":"slurm","gpus":"0"}
        {"attempt":2,"ended":"2026-11-21T02:00:00Z","exitCode":0,"reason":"done","gpuSeconds":2700}
        """);
    List<String> columns = List.of("gpu-hours", "gpu-hours-lost", "gpu-hours-idle");
    assertEquals(
        List.of(2.0, 0.5, 0.25),
        List.copyOf(rows(columns, List.of("train.batch=1"), null, false).get(0).values()));
  }

  @Test
  void everyConditionMustHold() {
    assertEquals(
        List.of("a/second"), names(List.of("train.batch=128", "test-loss<0.004"), null, false));
    assertEquals(List.of("third"), names(List.of("unknown.key~future"), null, false));
  }

  @Test
  void aTornLastLineIsLeftOutAndADefaultIsKnown() {
    Map<String, Object> row =
        rows(List.of("epoch", "train.batch", "train.schedule"), List.of(), null, false).get(0);
    assertEquals(2, row.get("epoch"));
    assertEquals(64L, row.get("train.batch"));
    assertEquals("cosine", row.get("train.schedule"));
  }

  @Test
  void runsWithoutAValueComeLast() throws Exception {
    run("empty", "train.batch = 1");
    assertEquals("empty", names(List.of(), "test-loss", false).get(3));
    assertEquals("empty", names(List.of(), "test-loss", true).get(3));
  }

  @Test
  void aRunIsAlsoTheRootOfItself() {
    assertEquals(
        ".",
        new RunTable(root.resolve("third"), List.of("run"), List.of(), null, false)
            .find()
            .table()
            .records()
            .get(0)
            .get("run"));
  }

  @Test
  void aKeyThatNoRunHasIsNoColumn() {
    ConfigurationException typo =
        assertThrows(
            ConfigurationException.class, () -> names(List.of("train.batchh>64"), null, false));
    assertTrue(typo.getMessage().contains("no column train.batchh"), typo.getMessage());
  }

  @Test
  void aKeyThatWasChangedShowsAllItsValuesAndSortsAfterThoseOfOne() throws Exception {
    run("changed", "# changed.train.batch = 32, then 64 after epoch 8\ntrain.batch = 64", 0.5);
    List<Map<String, Object>> rows =
        rows(List.of("run", "train.batch"), List.of(), "train.batch", false);
    assertEquals("32, then 64 after epoch 8", rows.get(3).get("train.batch"));
    assertEquals(List.of("a/first"), names(List.of("train.batch=64"), null, false));
  }

  @Test
  void mistakesAreExplained() {
    ConfigurationException column =
        assertThrows(
            ConfigurationException.class, () -> rows(List.of("loss"), List.of(), null, false));
    assertTrue(column.getMessage().contains("test-loss"), column.getMessage());
    RunTable nowhere =
        new RunTable(root.resolve("nowhere"), List.of("run"), List.of(), null, false);
    assertThrows(DataException.class, nowhere::find);
  }
}
