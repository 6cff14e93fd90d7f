package belay.data.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.data.Dataset;
import belay.data.ImageShape;
import belay.error.DataException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar100SourceTest {
  private static final ImageShape SHAPE = new ImageShape(32, 32, 3);

  @TempDir Path directory;

  static void write(Path directory, int train, int test) throws IOException {
    Files.createDirectories(directory);
    Files.write(directory.resolve("train.bin"), records(train, 1));
    Files.write(directory.resolve("test.bin"), records(test, 2));
    String names =
        IntStream.range(0, 100).mapToObj(i -> "fine" + i).collect(Collectors.joining("\n"));
    Files.writeString(directory.resolve("fine_label_names.txt"), names + "\n");
    Files.writeString(directory.resolve("coarse_label_names.txt"), "coarse\n");
  }

  private static byte[] records(int count, long seed) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Random random = new Random(seed);
    byte[] image = new byte[3072];
    for (int i = 0; i < count; i++) {
      bytes.write(19 - i % 20); // coarse
      bytes.write(99 - i % 100); // fine
      random.nextBytes(image);
      bytes.write(image);
    }
    return bytes.toByteArray();
  }

  private String refused() {
    return assertThrows(DataException.class, () -> WrittenImages.read(directory, SHAPE))
        .getMessage();
  }

  @Test
  void theFineLabelIsTheClass() throws IOException {
    write(directory.resolve("cifar-100-binary"), 5, 2);
    Dataset dataset = WrittenImages.read(directory, SHAPE).dataset();
    assertArrayEquals(new byte[] {99, 98, 97, 96, 95}, dataset.train().labels());
    assertEquals(2, dataset.test().count());
    assertEquals("fine97", dataset.classNames().get(97));
    byte[] record = records(5, 1);
    assertArrayEquals(
        Arrays.copyOfRange(record, 3074 + 2, 2 * 3074),
        Arrays.copyOfRange(dataset.train().pixels(), 3072, 2 * 3072));
    assertEquals(7, ImageSources.find(WrittenImages.query(directory), SHAPE).count());
  }

  @Test
  void aFileCutShortIsNamed() throws IOException {
    write(directory, 3, 2);
    Path file = directory.resolve("test.bin");
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 5000));
    assertTrue(refused().contains("test.bin: has 5000 bytes, expected records of 3074"), refused());
  }

  @Test
  void anImpossibleLabelIsNamedWithItsPlace() throws IOException {
    write(directory, 3, 2);
    Path file = directory.resolve("train.bin");
    byte[] bytes = Files.readAllBytes(file);
    bytes[3074 + 1] = 100;
    Files.write(file, bytes);
    assertTrue(refused().contains("record 1 at byte 3074 has the fine label 100"), refused());
  }
}
