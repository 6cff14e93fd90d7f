package belay.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.error.DataException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarReaderTest {
  private static final ImageFormat FORMAT = new ImageFormat(1, 2, 3, 4); // 7 bytes a record
  private static final CifarLayout LAYOUT =
      new CifarLayout(List.of("a.bin", "b.bin"), List.of("t.bin"), "names.txt", FORMAT);

  @TempDir Path directory;

  @BeforeEach
  void writeThreeFiles() throws IOException {
    Files.write(directory.resolve("a.bin"), new byte[] {1, 11, 12, 13, 14, 15, 16});
    Files.write(
        directory.resolve("b.bin"),
        new byte[] {3, 21, 22, 23, 24, 25, (byte) 255, 0, 31, 32, 33, 34, 35, 36});
    Files.write(directory.resolve("t.bin"), new byte[] {2, 41, 42, 43, 44, 45, 46});
    Files.writeString(directory.resolve("names.txt"), "ant\nbee\ncat\ndog\n\n \n");
  }

  private Dataset read() {
    return new CifarReader(directory, LAYOUT).read();
  }

  private void refuses(String... words) {
    String message = assertThrows(DataException.class, this::read).getMessage();
    for (String word : words) {
      assertTrue(message.contains(word), () -> "'" + word + "' is missing in: " + message);
    }
    assertFalse(message.contains("\n"), message);
  }

  @Test
  void joinsTheTrainingFilesInTheirOrder() {
    Dataset dataset = read();

    assertArrayEquals(new byte[] {1, 3, 0}, dataset.train().labels());
    assertArrayEquals(
        new byte[] {11, 12, 13, 14, 15, 16, 21, 22, 23, 24, 25, (byte) 255, 31, 32, 33, 34, 35, 36},
        dataset.train().pixels());
    assertArrayEquals(new byte[] {2}, dataset.test().labels());
    assertArrayEquals(new byte[] {41, 42, 43, 44, 45, 46}, dataset.test().pixels());
  }

  @Test
  void namesMayEndWithBlankLines() {
    assertEquals(List.of("ant", "bee", "cat", "dog"), read().classNames());
  }

  @Test
  void namesMayComeFromAnotherSystem() throws IOException {
    Files.writeString(directory.resolve("names.txt"), "ant\r\nbee\r\ncat\r\ndog");
    assertEquals(List.of("ant", "bee", "cat", "dog"), read().classNames());
  }

  @Test
  void numbersStandForMissingNames() throws IOException {
    Files.delete(directory.resolve("names.txt"));
    assertEquals(List.of("0", "1", "2", "3"), read().classNames());
  }

  @Test
  void numbersStandForNamesThatTheConfigurationDoesNotName() {
    CifarLayout nameless = new CifarLayout(LAYOUT.trainFiles(), LAYOUT.testFiles(), "", FORMAT);
    assertEquals(
        List.of("0", "1", "2", "3"), new CifarReader(directory, nameless).read().classNames());
  }

  @Test
  void findsTheUnpackedSubdirectory() throws IOException {
    Path inside = Files.createDirectory(directory.resolve("cifar-10-batches-bin"));
    for (String name : List.of("a.bin", "b.bin", "t.bin", "names.txt")) {
      Files.move(directory.resolve(name), inside.resolve(name));
    }

    assertEquals(3, read().train().count());
    assertEquals(inside, new CifarReader(directory, LAYOUT).check());
  }

  @Test
  void prefersAWholeSubdirectoryToStrayFiles() throws IOException {
    Path inside = Files.createDirectory(directory.resolve("inside"));
    for (String name : List.of("a.bin", "b.bin", "t.bin")) {
      Files.copy(directory.resolve(name), inside.resolve(name));
    }
    Files.delete(directory.resolve("b.bin"));

    assertEquals(inside, new CifarReader(directory, LAYOUT).check());
  }

  @Test
  void refusesToChooseBetweenTwoDataSets() throws IOException {
    for (String one : List.of("one", "two")) {
      Path inside = Files.createDirectory(directory.resolve(one));
      for (String name : List.of("a.bin", "b.bin", "t.bin")) {
        Files.copy(directory.resolve(name), inside.resolve(name));
      }
    }
    Files.delete(directory.resolve("t.bin"));

    refuses("several data sets", "one", "two");
  }

  @Test
  void refusesAMissingDirectory() {
    directory = directory.resolve("absent");
    refuses("absent: no such directory", "belay fetch", "belay sample", "data.dir");
  }

  @Test
  void refusesAFileInPlaceOfTheDirectory() {
    directory = directory.resolve("a.bin");
    refuses("a.bin: is a file, expected the directory of a data set");
  }

  @Test
  void refusesAMissingFile() throws IOException {
    Files.delete(directory.resolve("b.bin"));
    refuses("b.bin: it does not exist", "belay fetch");
  }

  @Test
  void refusesADirectoryInPlaceOfAFile() throws IOException {
    Files.delete(directory.resolve("b.bin"));
    Files.createDirectory(directory.resolve("b.bin"));
    refuses("b.bin: is a directory, expected a file of records");
  }

  @Test
  void refusesAnEmptyFile() throws IOException {
    Files.write(directory.resolve("t.bin"), new byte[0]);
    refuses("t.bin: is empty (0 bytes)");
  }

  @Test
  void refusesAFileThatEndsWithinARecord() throws IOException {
    Files.write(directory.resolve("b.bin"), new byte[7 + 7 + 5]);
    refuses("b.bin: record 2 at byte 14 has 5 of 7 bytes", "3 x 1 x 2", "truncated");
  }

  @Test
  void refusesALabelThatIsNoClass() throws IOException {
    byte[] records = new byte[21];
    records[14] = (byte) 200;
    Files.write(directory.resolve("b.bin"), records);
    refuses("b.bin: record 2 at byte 14 has label 200, expected 0 to 3");
  }

  @Test
  void theLastLabelIsOneLessThanTheClasses() throws IOException {
    Files.write(directory.resolve("t.bin"), new byte[] {3, 0, 0, 0, 0, 0, 0});
    assertEquals(3, read().test().label(0));
    Files.write(directory.resolve("t.bin"), new byte[] {4, 0, 0, 0, 0, 0, 0});
    refuses("t.bin: record 0 at byte 0 has label 4, expected 0 to 3");
  }

  @Test
  void refusesTooFewNames() throws IOException {
    Files.writeString(directory.resolve("names.txt"), "ant\nbee\ncat\n");
    refuses("names.txt: has 3 names, expected one for each of data.classes = 4");
  }

  @Test
  void refusesABlankAmongTheNames() throws IOException {
    Files.writeString(directory.resolve("names.txt"), "ant\n\ncat\ndog\n");
    refuses("names.txt:2: blank, expected the name of a class");
  }

  @Test
  void refusesNamesThatAreNoText() throws IOException {
    Files.write(directory.resolve("names.txt"), new byte[] {'a', (byte) 0xFF, 'b'});
    refuses("names.txt: cannot be read", "not text in UTF-8");
    Files.write(
        directory.resolve("names.txt"), "ant\nb\u0007e\ncat\ndog".getBytes(StandardCharsets.UTF_8));
    refuses("names.txt:2: has a control character");
    Files.write(directory.resolve("names.txt"), new byte[1 << 17]);
    refuses(
        "names.txt: cannot be read as a text of class names: names.txt has more than 65,536 bytes");
  }

  @Test
  void refusesALinkThatLeadsToItself() throws IOException {
    Files.delete(directory.resolve("a.bin"));
    Files.createSymbolicLink(directory.resolve("a.bin"), Path.of("a.bin"));
    refuses("a.bin: ");
  }

  @Test
  void refusesAnUnreadableFile() throws IOException {
    Path file = directory.resolve("a.bin");
    Assumptions.assumeTrue(file.toFile().setReadable(false) && !Files.isReadable(file));
    refuses("Cannot read", "a.bin: permission denied");
  }

  @Test
  void refusesMorePixelsThanOneArrayHolds() throws IOException {
    List<String> files = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      files.add("huge" + i);
      try (RandomAccessFile sparse =
          new RandomAccessFile(directory.resolve("huge" + i).toFile(), "rw")) {
        sparse.setLength(900_000_003L / 7 * 7);
      } catch (FileSystemException e) {
        Assumptions.abort("no sparse files here");
      }
    }
    CifarReader reader =
        new CifarReader(directory, new CifarLayout(files, List.of("t.bin"), "names.txt", FORMAT));

    String message = assertThrows(DataException.class, reader::read).getMessage();
    assertTrue(
        message.contains("385714287 images in [huge0, huge1, huge2] are 2314285722 bytes")
            && message.contains("name fewer files"),
        message);
  }

  @Test
  void readsTheRealImages() {
    Dataset real = new CifarReader(RealImages.require(), CifarLayout.CIFAR10).read();

    assertEquals(5_000, real.train().count());
    assertEquals(1_000, real.test().count());
    assertEquals("airplane", real.classNames().get(0));
    assertEquals("frog", real.classNames().get(real.train().label(0)));
    assertEquals(59, real.train().pixels()[0]);
  }
}
