package belay.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.checkpoint.Attempt;
import belay.checkpoint.Checkpoint;
import belay.checkpoint.RunDirectory;
import belay.checkpoint.RunStatus;
import belay.cli.Jar;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Somebody builds the jar anew, in place, while it runs. */
class RebuiltJarIT {
  @TempDir static Path directory;

  private static Checkpoint undisturbed;
  private static Map<String, String> digests;

  private enum Content {
    GARBAGE,
    ANOTHER_BUILD
  }

  @BeforeAll
  static void runOnceWithoutRebuilding() throws Exception {
    Jar sample = Jar.run(directory, "sample", "data", "--train", "400", "--test", "60");
    assertEquals(0, sample.exitCode(), sample.output());
    Jar whole = Jar.run(directory, command("pipeline", "undisturbed"));
    assertEquals(0, whole.exitCode(), whole.output());
    undisturbed = RunBits.last(directory.resolve("undisturbed"));
    digests = RunBits.digests(directory.resolve("undisturbed"));
  }

  @ParameterizedTest
  @EnumSource
  void aSignalStillSavesAndALaterRunEndsWithTheSameBits(Content content) throws Exception {
    String name = "stopped-" + content;
    Jar jar = rebuiltWhileTraining("train", name, content, "TERM");
    assertEquals(99, jar.exitCode(), jar.output());
    assertSays(name, RunStatus.State.STOPPED, 99, "signal TERM");
    assertHasNoTrace(jar);

    Jar again = Jar.run(directory, command("train", name));
    assertEquals(0, again.exitCode(), again.output());
    RunBits.assertSameTraining(undisturbed, directory.resolve(name));
  }

  @ParameterizedTest
  @EnumSource
  void trainingEndsInGoodOrder(Content content) throws Exception {
    String name = "trained-" + content;
    Jar jar = rebuiltWhileTraining("train", name, content);
    assertEquals(0, jar.exitCode(), jar.output());
    assertSays(name, RunStatus.State.DONE, 0, "done");
    assertHasNoTrace(jar);
    RunBits.assertSameTraining(undisturbed, directory.resolve(name));
    assertTrue(RunDirectory.open(directory.resolve(name)).profile().isPresent());
    String metrics = Files.readString(directory.resolve(name).resolve("metrics.prom"));
    assertTrue(metrics.contains("belay_progress_ratio"), metrics);
    assertTrue(metrics.lines().anyMatch(line -> line.matches("belay_train_epoch\\{.*} 40\\.0")));
  }

  @ParameterizedTest
  @EnumSource
  void theOtherStagesOfAPipelineFollow(Content content) throws Exception {
    String name = "pipeline-" + content;
    Jar jar = rebuiltWhileTraining("pipeline", name, content);
    assertEquals(0, jar.exitCode(), jar.output());
    assertHasNoTrace(jar);
    assertEquals(digests, RunBits.digests(directory.resolve(name)));
  }

  /** Frozen meanwhile, so that it cannot end before. */
  private static Jar rebuiltWhileTraining(
      String stage, String run, Content content, String... signals) throws Exception {
    Path copy = directory.resolve("copy.jar");
    Files.copy(Jar.PATH, copy, StandardCopyOption.REPLACE_EXISTING);
    Jar jar = Jar.startCopy(copy, directory, command(stage, run));
    jar.awaitOutput(" epoch=8 ");
    jar.signal("STOP");
    rewrite(copy, content);
    for (String signal : signals) {
      jar.signal(signal);
    }
    jar.signal("CONT");
    return jar;
  }

  /**
   * The same file with other bytes, as a build writes it; another build has all in other places.
   */
  private static void rewrite(Path jar, Content content) throws IOException {
    byte[] bytes = Files.readAllBytes(jar);
    byte[] garbage = new byte[content == Content.GARBAGE ? bytes.length : 100_000];
    new Random(1).nextBytes(garbage);
    try (OutputStream out = Files.newOutputStream(jar)) {
      out.write(garbage);
      if (content == Content.ANOTHER_BUILD) {
        out.write(bytes);
      }
    }
  }

  private static void assertSays(String run, RunStatus.State state, int code, String reason) {
    RunDirectory left = RunDirectory.open(directory.resolve(run));
    assertEquals(state, left.status().orElseThrow().state());
    List<Attempt> attempts = left.attempts();
    assertEquals(1, attempts.size());
    Attempt.End end = attempts.get(0).end().orElseThrow();
    assertEquals(code, end.exitCode());
    assertEquals(reason, end.reason());
  }

  private static void assertHasNoTrace(Jar jar) throws IOException {
    assertFalse(jar.output().contains("\tat "), jar.output());
    assertFalse(jar.output().contains("unwritten"), jar.output());
  }

  private static String[] command(String stage, String run) {
    return Jar.demo(stage, run, "train.epochs=40", "checkpoint.interval-seconds=1");
  }
}
