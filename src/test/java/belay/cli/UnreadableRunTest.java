package belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file that nobody can read hides neither the other runs nor what the other files tell. */
class UnreadableRunTest {
  private static final Path EARLIER = Path.of("src/test/run-0.1");

  private static final String ATTEMPTS =
      """
      {"attempt":1,"stage":"pipeline","started":"2026-11-21T00:00:00Z","version":"1"}
      {"attempt":1,"ended":"2026-11-21T00:10:00Z","reason":"ended without a word"}
      {"attempt":2,"stage":"pipeline","started":"2026-11-21T01:00:00Z","version":"1"}
      {"attempt":2,"ended":"2026-11-21T01:10:00Z","exitCode":0,"reason":"done"}
      """;

  private static final String STATUS =
      """
      {"stage":"classify","state":"done","epoch":3,"step":24,"attempts":2,
       "checkpoint":"checkpoints/ckpt-0003.h5","updated":"2026-11-21T01:10:00Z"}
      """;

  @TempDir private Path home;

  @BeforeEach
  void makeTwoRuns() throws IOException {
    for (String name : new String[] {"good", "odd"}) {
      Path run = home.resolve(name);
      Files.createDirectories(run.resolve("checkpoints"));
      for (String file : new String[] {"checkpoints/ckpt-0003.h5", "features.h5", "svm.h5"}) {
        Files.copy(EARLIER.resolve(file), run.resolve(file));
      }
      Files.writeString(run.resolve("run.properties"), "train.epochs = 3\n");
      Files.writeString(run.resolve("attempts.jsonl"), ATTEMPTS);
      Files.writeString(run.resolve("status.json"), STATUS);
      Files.writeString(
          run.resolve("metrics.jsonl"), "{\"epoch\":3,\"step\":24,\"testLoss\":0.25}\n");
    }
  }

  private String path(String name) {
    return home.resolve(name).toString();
  }

  /** In place of a file, one that would never end. */
  private void pipe(String file) throws Exception {
    Path path = home.resolve("odd").resolve(file);
    Files.deleteIfExists(path);
    assertEquals(0, new ProcessBuilder("mkfifo", path.toString()).start().waitFor());
  }

  @ParameterizedTest
  @CsvSource({"metrics.jsonl", "attempts.jsonl"})
  void theTableOfRunsShowsTheOthersAndEndsWithDamage(String file) throws Exception {
    pipe(file);
    InProcess.Outcome runs = InProcess.execute("runs", home.toString());
    assertEquals(3, runs.exitCode());
    assertTrue(runs.output().contains("good  done"), runs.output());
    assertTrue(runs.output().contains("odd   done"), runs.output());
    assertEquals(1, runs.errors().lines().count(), runs.errors());
    assertTrue(runs.errors().contains("odd/" + file), runs.errors());
  }

  @Test
  void statusSaysWhereTheOtherRunsStandAndWhyOneIsMissing() throws Exception {
    pipe("attempts.jsonl");
    InProcess.Outcome status =
        InProcess.execute("status", path("odd"), path("good"), path("nowhere"));
    assertEquals(3, status.exitCode());
    assertTrue(status.output().contains("/good  classify  done   3/3"), status.output());
    assertEquals(2, status.errors().lines().count(), status.errors());
    assertTrue(status.errors().contains("odd/attempts.jsonl"), status.errors());
    assertTrue(status.errors().contains("nowhere does not exist"), status.errors());
  }

  @ParameterizedTest
  @CsvSource({"pipe, 'move it away, and '", "garbage, ''"})
  void whereARunStandsFollowsFromItsFiles(String kind, String first) throws Exception {
    if (kind.equals("pipe")) {
      pipe("status.json");
    } else {
      Files.writeString(home.resolve("odd/status.json"), "garbage");
    }
    InProcess.Outcome status = InProcess.execute("status", path("odd"));
    assertEquals(0, status.exitCode());
    String row = status.output().lines().skip(1).findFirst().orElseThrow();
    assertTrue(row.matches(".*/odd +classify +done +3/3 +24 +2 +ckpt-0003.h5 .*"), status.output());
    String repair = first + "\"belay repair " + path("odd") + "\" writes it again";
    assertEquals(1, status.errors().lines().count(), status.errors());
    assertTrue(status.errors().contains(repair), status.errors());
  }

  @Test
  void anUnreadableStatusDoesNotMakeARunComplete() throws Exception {
    pipe("status.json");
    Files.delete(home.resolve("odd/svm.h5"));
    Files.writeString(
        home.resolve("odd/attempts.jsonl"),
        ATTEMPTS.substring(0, ATTEMPTS.indexOf("{\"attempt\":2,\"ended")));
    String row = InProcess.execute("status", path("odd")).output();
    assertTrue(row.contains("  classify  interrupted  3/3"), row);
    assertFalse(row.contains("done"), row);
  }
}
