package belay.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.cli.Jar;
import belay.hdf.Forgery;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files of every kind, as the jar writes them, changed by somebody who knows their formats: whoever
 * reads them ends in time, in a small heap, and with one line for a user. {@code
 * -Dbelay.mutations=5000} tries more, {@code -Dbelay.mutation.seed=N} others, {@code
 * -Dbelay.mutation.processes=N} so many at a time; a failure names its seed.
 */
class MutationIT {
  private static final int MUTATIONS = Integer.getInteger("belay.mutations", 25);
  private static final long SEED = Long.getLong("belay.mutation.seed", 1);
  private static final int PROCESSES = Integer.getInteger("belay.mutation.processes", 2);

  /** A bound that no load reaches; those who look for slow readers set it to 10. */
  private static final int SECONDS = Integer.getInteger("belay.mutation.seconds", 180);

  @TempDir static Path directory;

  @BeforeAll
  static void makeOneOfEveryKind() throws Exception {
    Path fixture = Files.createDirectory(directory.resolve("fixture"));
    run("sample", "fixture/data", "--train", "60", "--test", "20");
    Files.writeString(
        fixture.resolve("tiny.net"),
        "input 32x32x3\nmaxpool 8\nconv 2 name=enc1\nrelu\nlatent\nconv 3\nupsample 8\n");
    run(
        "pipeline",
        "--run",
        "fixture/run",
        "--set",
        "data.dir=fixture/data",
        "--set",
        "train.network=fixture/tiny.net",
        "--set",
        "train.epochs=3",
        "--set",
        "train.batch=32",
        "--set",
        "train.warmup-steps=1",
        "--set",
        "svm.c=1,10",
        "--set",
        "log.mlperf=true",
        "--set",
        "metrics.tensorboard=true");
    withinAnEpoch(fixture.resolve("run/checkpoints"));
    submitted(fixture.resolve("run/jobs"));
    pictures(Files.createDirectory(fixture.resolve("pictures")));
    pack(fixture);
  }

  private static void run(String... arguments) throws Exception {
    Jar jar = Jar.run(directory, arguments);
    assertEquals(0, jar.exitCode(), jar.output());
  }

  /** As a stop after the seventh step leaves it. */
  private static void withinAnEpoch(Path checkpoints) throws IOException {
    Forgery.of(checkpoints.resolve("ckpt-0003.h5"))
        .put("/progress@position", 32)
        .put("/progress@loss_images", 32L)
        .put("/progress@step", 7L)
        .write(checkpoints.resolve("ckpt-0003-00000007.h5"));
  }

  private static void submitted(Path jobs) throws IOException {
    Files.createDirectories(jobs);
    Files.writeString(
        jobs.resolve("submitted.jsonl"),
        """
        {"scheduler":"none","stage":"train","job":"1","submitted":"2026-01-01T00:00:00Z"}
        {"scheduler":"none","stage":"extract","job":"2","after":"1","submitted":"2026-01-01T00:00:01Z"}
        """);
  }

  private static void pictures(Path directory) throws IOException {
    BufferedImage picture = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    picture.setRGB(3, 4, 0x336699);
    assertTrue(ImageIO.write(picture, "png", directory.resolve("a.png").toFile()));
    assertTrue(ImageIO.write(picture, "jpg", directory.resolve("b.jpg").toFile()));
  }

  private static void pack(Path fixture) throws Exception {
    Process tar =
        new ProcessBuilder("tar", "-czf", "archive.tar.gz", "data")
            .directory(fixture.toFile())
            .start();
    assertEquals(0, tar.waitFor());
  }

  @Test
  void whoeverReadsThemEndsWithOneLine() throws Exception {
    List<Process> processes = new ArrayList<>();
    int each = (MUTATIONS + PROCESSES - 1) / PROCESSES;
    for (int i = 0; i < PROCESSES; i++) {
      processes.add(start(i, SEED * 1_000_000 + (long) i * each, each));
    }
    StringBuilder said = new StringBuilder();
    for (int i = 0; i < PROCESSES; i++) {
      boolean ended = processes.get(i).waitFor(60L + each * 3L * SECONDS, TimeUnit.SECONDS);
      String output = Files.readString(directory.resolve("output-" + i));
      said.append(output).append(ended ? "" : "\nDOES NOT END\n");
      processes.get(i).destroyForcibly();
    }
    System.out.println(said);
    assertTrue(!said.toString().contains("FAILED"), said::toString);
    assertEquals(PROCESSES, said.toString().split("\nDONE ", -1).length - 1, said::toString);
  }

  private static Process start(int number, long seed, int count) throws IOException {
    Path work = Files.createDirectory(directory.resolve("work-" + number));
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            MutationProgram.class.getName(),
            directory.resolve("fixture").toString(),
            work.toString(),
            Long.toString(seed),
            Integer.toString(count),
            Integer.toString(SECONDS))
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("output-" + number).toFile())
        .start();
  }
}
