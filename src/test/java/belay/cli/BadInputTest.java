package belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * 60 damaged files of each kind that users hand us, 240 in all, through the command line: each is
 * either read, or answered with one line and the right exit code.
 */
class BadInputTest {
  private static final int FILES = 60;

  @TempDir Path directory;

  private int runs;
  private final Random random = new Random(Long.getLong("belay.test.seed", 1));

  @Test
  void damagedConfigurationFilesGetOneLineAndExitCode2() throws IOException {
    byte[] whole = Files.readAllBytes(Path.of("conf/run/report.properties"));
    int refused = damage(whole, "x.properties", 2, file -> List.of("config", "--conf", file));
    assertTrue(refused > FILES / 4, refused + " refused");
  }

  @Test
  void damagedNetworkFilesGetOneLineAndExitCode2() throws IOException {
    byte[] whole = Files.readAllBytes(Path.of("conf/net/autoencoder.net"));
    int refused = damage(whole, "x.net", 2, file -> List.of("inspect", file));
    assertTrue(refused > FILES / 4, refused + " refused");
  }

  @Test
  void damagedCheckpointsGetOneLineAndExitCode3() throws IOException {
    assertEquals(
        0, InProcess.execute("sample", path("data"), "--train", "20", "--test", "5").exitCode());
    assertEquals(0, train("data", "run").exitCode());
    byte[] whole = Files.readAllBytes(directory.resolve("run/checkpoints/ckpt-0001.h5"));
    int refused = damage(whole, "x.h5", 3, file -> List.of("inspect", file));
    assertTrue(refused > FILES * 3 / 4, refused + " refused; the others hit gaps between datasets");
  }

  @Test
  void damagedImageFilesGetOneLineAndExitCode3() throws IOException {
    assertEquals(
        0, InProcess.execute("sample", path("data"), "--train", "20", "--test", "5").exitCode());
    byte[] whole = Files.readAllBytes(directory.resolve("data/test_batch.bin"));
    int refused =
        damage(whole, "data/test_batch.bin", 3, file -> trainArguments("data", path("r" + runs++)));
    assertTrue(refused > FILES / 4, refused + " refused");
  }

  /** How many of the damaged files were refused. */
  private int damage(byte[] whole, String name, int code, Function<String, List<String>> arguments)
      throws IOException {
    int refused = 0;
    for (int i = 0; i < FILES; i++) {
      Files.write(directory.resolve(name), damaged(whole));
      InProcess.Outcome outcome =
          InProcess.execute(arguments.apply(path(name)).toArray(String[]::new));
      assertTrue(outcome.exitCode() == 0 || outcome.exitCode() == code, outcome::toString);
      assertFalse(outcome.showsTrace(), outcome::toString);
      if (outcome.exitCode() == code) {
        assertEquals(1, outcome.errors().lines().filter(line -> line.contains("ERROR")).count());
        refused++;
      }
    }
    return refused;
  }

  private byte[] damaged(byte[] whole) {
    int at = random.nextInt(whole.length);
    byte[] damaged = whole.clone();
    switch (random.nextInt(4)) {
      case 0 -> damaged = Arrays.copyOf(whole, at);
      case 1 -> damaged = Arrays.copyOf(whole, whole.length + 1 + random.nextInt(99));
      case 2 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
      default -> Arrays.fill(damaged, at, Math.min(whole.length, at + 20), (byte) random.nextInt());
    }
    return damaged;
  }

  private InProcess.Outcome train(String data, String run) {
    return InProcess.execute(trainArguments(data, path(run)).toArray(String[]::new));
  }

  private List<String> trainArguments(String data, String run) {
    return Stream.of(
            Stream.of("train", "--run", run, "--conf", "demo", "--backend", "reference"),
            Stream.of("--set", "train.epochs=1", "--set", "data.dir=" + path(data)),
            Stream.of("--set", "train.limit=1", "--set", "train.network=" + tinyNetwork()))
        .flatMap(part -> part)
        .toList();
  }

  private String tinyNetwork() {
    try {
      Path file = directory.resolve("tiny.net");
      Files.writeString(file, "input 32x32x3\nmaxpool 8\nconv 1\nlatent\nconv 3\nupsample 8\n");
      return file.toString();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private String path(String name) {
    return directory.resolve(name).toString();
  }
}
