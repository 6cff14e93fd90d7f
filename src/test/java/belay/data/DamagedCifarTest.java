package belay.data;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.error.DataException;
import belay.error.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens to a data set's files: it loads, or one line says why not. */
class DamagedCifarTest {
  private static final ImageFormat FORMAT = new ImageFormat(8, 8, 3, 10);
  private static final CifarLayout LAYOUT = CifarLayout.standard(FORMAT);
  private static final List<String> FILES =
      List.of("data_batch_1.bin", "data_batch_3.bin", "test_batch.bin", "batches.meta.txt");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void loadsOrGivesOneLine(long seed) throws IOException {
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < 40; i++) {
      Path home = directory.resolve("set" + i);
      new CifarWriter(home, LAYOUT).write(new SyntheticImages(seed, 8, 8).dataset(20, 5));
      for (int damages = 1 + random.nextInt(2); damages > 0; damages--) {
        damage(home.resolve(FILES.get(random.nextInt(FILES.size()))), random);
      }
      refused += isRefused(home) ? 1 : 0;
    }
    assertTrue(refused > 10 && refused < 40, refused + " of 40 were refused");
  }

  private static boolean isRefused(Path home) {
    try {
      Dataset dataset = new CifarReader(home, LAYOUT).read();
      assertTrue(dataset.train().count() > 0 && dataset.test().count() > 0);
      return false;
    } catch (DataException e) {
      assertTrue(e.exitCode() == ExitCode.DATA && e.getMessage().length() > 40, e::getMessage);
      assertFalse(e.getMessage().matches("(?s).*[\\n\\r\\x00].*"), e::getMessage);
      assertTrue(e.getMessage().contains(home.toString()), e::getMessage);
      return true;
    }
  }

  private static void damage(Path file, Random random) throws IOException {
    if (!Files.isRegularFile(file)) {
      return;
    }
    byte[] content = Files.readAllBytes(file);
    switch (random.nextInt(9)) {
      case 0 -> Files.write(file, Arrays.copyOf(content, random.nextInt(content.length)));
      case 1 -> Files.write(file, Arrays.copyOf(content, content.length + random.nextInt(400)));
      case 2 -> Files.delete(file);
      case 3 -> {
        Files.delete(file);
        Files.createDirectory(file);
      }
      case 4 -> {
        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("nowhere"));
      }
      case 5 -> {
        int record = random.nextInt(content.length / FORMAT.recordBytes() + 1);
        content[Math.min(content.length - 1, record * FORMAT.recordBytes())] =
            (byte) random.nextInt(256);
        Files.write(file, content);
      }
      case 6 -> {
        random.nextBytes(content);
        Files.write(file, content);
      }
      case 7 -> {
        // A byte lost in the middle shifts everything behind it.
        int at = random.nextInt(content.length);
        System.arraycopy(content, at + 1, content, at, content.length - at - 1);
        Files.write(file, content);
      }
      default -> {
        content[random.nextInt(content.length)] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, content);
      }
    }
  }
}
