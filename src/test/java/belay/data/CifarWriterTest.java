package belay.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.error.ConfigurationException;
import belay.error.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarWriterTest {
  private final SyntheticImages images = new SyntheticImages(3, 8, 8);
  private final CifarLayout layout = CifarLayout.standard(images.format());

  @TempDir Path directory;

  private void write(Dataset dataset) {
    new CifarWriter(directory, layout).write(dataset);
  }

  @Test
  void whatIsWrittenIsRead() {
    Dataset dataset = images.dataset(52, 11);
    write(dataset);
    Dataset read = new CifarReader(directory, layout).read();

    assertEquals(dataset.digest(), read.digest());
    assertEquals(dataset.classNames(), read.classNames());
  }

  @Test
  void theTrainingImagesAreDividedEqually() {
    write(images.dataset(52, 11));
    long[] counts =
        IntStream.rangeClosed(1, 5)
            .mapToObj(i -> directory.resolve("data_batch_%d.bin".formatted(i)))
            .mapToLong(path -> path.toFile().length() / images.format().recordBytes())
            .toArray();

    assertArrayEquals(new long[] {10, 10, 10, 11, 11}, counts);
  }

  @Test
  void theRealImagesAreWrittenBitForBit() throws IOException {
    Path real = RealImages.require();
    new CifarWriter(directory, CifarLayout.CIFAR10)
        .write(new CifarReader(real, CifarLayout.CIFAR10).read());

    for (String name : CifarLayout.CIFAR10.recordFiles().toList()) {
      assertEquals(-1, Files.mismatch(real.resolve(name), directory.resolve(name)), name);
    }
  }

  @Test
  void aSecondAttemptFinishesTheFirst() throws IOException {
    Dataset dataset = images.dataset(20, 5);
    write(dataset);
    Path kept = directory.resolve("data_batch_1.bin");
    FileTime old = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(kept, old);
    Files.delete(directory.resolve("data_batch_4.bin"));
    write(dataset);

    assertEquals(old, Files.getLastModifiedTime(kept));
    assertEquals(dataset.digest(), new CifarReader(directory, layout).read().digest());
  }

  @Test
  void neverReplacesOtherImages() throws IOException {
    write(images.dataset(20, 5));
    String before = new CifarReader(directory, layout).read().digest();

    DataException problem = assertThrows(DataException.class, () -> write(images.dataset(25, 5)));
    assertTrue(
        problem.getMessage().contains("data_batch_1.bin: is already there with other content"),
        problem::getMessage);
    assertEquals(before, new CifarReader(directory, layout).read().digest());
  }

  @Test
  void leavesNothingBesideTheFiles() throws IOException {
    write(images.dataset(20, 5));
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(7, files.count());
    }
  }

  @Test
  void refusesFewerImagesThanFiles() {
    ConfigurationException problem =
        assertThrows(ConfigurationException.class, () -> write(images.dataset(4, 5)));
    assertTrue(problem.getMessage().startsWith("4 images do not fill"), problem::getMessage);
  }

  @Test
  void refusesAFileInPlaceOfTheDirectory() throws IOException {
    directory = Files.writeString(directory.resolve("file"), "");
    DataException problem = assertThrows(DataException.class, () -> write(images.dataset(20, 5)));
    assertTrue(problem.getMessage().startsWith("Cannot write"), problem::getMessage);
  }
}
