package belay.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.checkpoint.RunDirectory;
import belay.checkpoint.RunStatus;
import belay.cli.Jar;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A pipeline that is killed or stopped in one of its stages and started again ends with the same
 * features and the same classifier, bit by bit, as one that nobody disturbed.
 */
class PipelineKillIT {
  private static final int KILLS_A_STAGE = Math.max(1, Integer.getInteger("belay.kills", 8) / 10);

  @TempDir static Path directory;

  private static Map<String, String> undisturbed;

  @BeforeAll
  static void runOnceWithoutKills() throws Exception {
    Jar sample = Jar.run(directory, "sample", "data", "--train", "800", "--test", "200");
    assertEquals(0, sample.exitCode(), sample.output());
    Jar whole = Jar.run(directory, pipeline("undisturbed"));
    assertEquals(0, whole.exitCode(), whole.output());
    assertTrue(whole.output().contains("accuracy"), whole.output());
    undisturbed = RunBits.digests(directory.resolve("undisturbed"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"extract", "classify"}) // KillIT kills training
  void killedInAStageItEndsWithTheSameBits(String stage) throws Exception {
    Random random = new Random(Long.getLong("belay.kill.seed", 1) + stage.hashCode());
    String run = "killed-" + stage;
    for (int kill = 0; kill < KILLS_A_STAGE; kill++) {
      Jar jar = Jar.start(directory, pipeline(run));
      awaitStage(jar, stage);
      if (jar.endsWithin(random.nextInt(300))) {
        break; // too late for this kill: complete
      }
      jar.kill();
    }
    assertEndsAsUndisturbed(run);
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "extract", "classify"})
  void stoppedInAStageItSaysSoAndEndsWithTheSameBits(String stage) throws Exception {
    String run = "stopped-" + stage;
    Jar jar = Jar.start(directory, pipeline(run));
    jar.awaitOutput("stage=" + stage + "\n");
    jar.signal("TERM");
    int code = jar.exitCode();
    if (code != 0) { // the last stage may have been over
      assertEquals(99, code, jar.output());
      RunStatus status = RunDirectory.open(directory.resolve(run)).status().orElseThrow();
      assertEquals(RunStatus.State.STOPPED, status.state());
      assertTrue(status.message().startsWith("signal TERM in " + status.stage()), status.message());
    }
    assertEndsAsUndisturbed(run);
  }

  private static void assertEndsAsUndisturbed(String run) throws Exception {
    Jar last = Jar.run(directory, pipeline(run));
    assertEquals(0, last.exitCode(), last.output());
    assertEquals(undisturbed, RunBits.digests(directory.resolve(run)));
    Jar again = Jar.run(directory, pipeline(run));
    assertTrue(again.output().contains("svm.h5 reused=true"), again.output());
    assertEquals(undisturbed, RunBits.digests(directory.resolve(run)));
  }

  /** It may end before it says so: then nothing was left to do. */
  private static void awaitStage(Jar jar, String stage) throws Exception {
    while (!jar.output().contains("stage=" + stage + "\n") && !jar.endsWithin(5)) {
      assertFalse(jar.output().contains(" ERROR "), jar.output());
    }
  }

  private static String[] pipeline(String run) {
    return Jar.demo("pipeline", run, "train.epochs=2", "extract.batch=16");
  }
}
