package belay.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import belay.checkpoint.Checkpoint;
import belay.cli.Jar;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs that are killed by SIGKILL at random moments, again and again, end with the same bits as one
 * that nobody disturbed. -Dbelay.kills=1000 kills more often, -Dbelay.kill.seed=N at other moments.
 */
class KillIT {
  private static final int KILLS = Integer.getInteger("belay.kills", 8);

  @TempDir static Path directory;

  private static Checkpoint undisturbed;

  // ms; about a whole run's. Follows the machine's pace, so that many kills meet training and not
  // the JVM's start, whatever else runs meanwhile.
  private static int longestLife;

  private static int killsInTraining; // the others met the start of the JVM

  @BeforeAll
  static void trainOnceWithoutKills() throws Exception {
    Jar sample = Jar.run(directory, "sample", "data", "--train", "400", "--test", "60");
    assertEquals(0, sample.exitCode(), sample.output());
    long began = System.nanoTime();
    Jar train = Jar.run(directory, train("undisturbed"));
    longestLife = (int) ((System.nanoTime() - began) / 1_000_000);
    assertEquals(0, train.exitCode(), train.output());
    undisturbed = RunBits.last(directory.resolve("undisturbed"));
  }

  @Test
  void killedRunsEndWithTheSameBitsAsAnUndisturbedOne() throws Exception {
    Random random = new Random(Long.getLong("belay.kill.seed", 1));
    int kills = 0;
    for (int run = 1; isWanted(kills); run++) {
      String name = "killed-" + run;
      while (!trainOrKill(name, isWanted(kills) ? random.nextInt(longestLife) : Long.MAX_VALUE)) {
        kills++;
      }
      RunBits.assertSameTraining(undisturbed, directory.resolve(name));
    }
  }

  /** However slowly the JVM starts: a good part of the kills must meet training. */
  private static boolean isWanted(int kills) {
    return kills < KILLS || killsInTraining <= KILLS / 4;
  }

  /** Whether the run was complete before it could be killed. */
  private static boolean trainOrKill(String run, long life) throws Exception {
    Jar train = Jar.start(directory, train(run));
    if (!train.endsWithin(life)) {
      train.kill();
      boolean isTraining = train.output().contains("epoch=");
      killsInTraining += isTraining ? 1 : 0;
      longestLife += isTraining ? 0 : longestLife / 4;
      return false;
    }
    longestLife -= longestLife / 8;
    assertEquals(0, train.exitCode(), train.output());
    return true;
  }

  /**
   * Short epochs and an interval of a second, so that many kills meet a checkpoint being written.
   */
  private static String[] train(String run) {
    return Jar.demo(
        "train", run, "train.epochs=24", "train.batch=16", "checkpoint.interval-seconds=1");
  }
}
