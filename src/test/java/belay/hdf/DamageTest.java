package belay.hdf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.error.DataException;
import belay.storage.AtomicFile;
import belay.storage.Fence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a disk, a quota or a copy that broke off can do to a file. */
class DamageTest {
  @TempDir Path directory;

  private Path damaged() {
    return directory.resolve("damaged.h5");
  }

  private byte[] sound() throws IOException {
    Path file = directory.resolve("sound.h5");
    Hdf5FileTest.write(file);
    return Files.readAllBytes(file);
  }

  @Test
  void everyTruncationIsOneClearLine() throws IOException {
    byte[] sound = sound();
    for (int length = 0; length < sound.length; length += length < 200 ? 1 : 97) {
      Files.write(damaged(), Arrays.copyOf(sound, length));
      assertClear(assertThrows(DataException.class, this::readAll));
    }
  }

  @Test
  void whatIsNoHdf5FileIsNamed() throws IOException {
    assertEquals(damaged() + ": cannot be read: no such file or directory", problem());
    Files.createFile(damaged());
    assertEquals(damaged() + ": is empty", problem());
    Files.writeString(damaged(), "P6 32 32 255 ".repeat(20));
    assertEquals(damaged() + ": is not an HDF5 file", problem());
    Files.delete(damaged());
    Files.createDirectory(damaged());
    assertEquals(damaged() + ": is not a regular file, expected an HDF5 file", problem());
  }

  private String problem() {
    return assertThrows(DataException.class, this::readAll).getMessage();
  }

  @Test
  void aFlippedBitIsFoundOrDoesNotMatter() throws IOException {
    byte[] sound = sound();
    Random random = new Random(3);
    for (int round = 0; round < 300; round++) {
      byte[] bytes = sound.clone();
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      assertFoundOrHarmless(bytes);
    }
  }

  /** The seal keeps damaged headers from jhdf; should one come through, its errors are caught. */
  @Test
  void damagedHeadersUnderAValidSealAreClearProblemsToo() throws IOException {
    byte[] sound = sound();
    Seal seal = Seal.parse(ByteBuffer.wrap(sound, sound.length - Seal.BYTES, Seal.BYTES)).get();
    int headers = (int) seal.headers();
    Random random = new Random(4);
    for (int round = 0; round < 100; round++) {
      byte[] bytes = sound.clone();
      int at = headers + random.nextInt(bytes.length - Seal.BYTES - headers);
      bytes[at] = (byte) random.nextInt(256);
      reseal(bytes, headers);
      assertFoundOrHarmless(bytes);
    }
  }

  @Test
  void datasetsThatShareTheirBytesAreRefused() throws IOException {
    Path file = directory.resolve("sound.h5");
    Hdf5FileTest.write(file);
    long[] whole = {100_000};
    Forgery forgery = Forgery.of(file).put("/big", Forgery.Part.of(whole, new byte[100_000]));
    for (int i = 0; i < 100; i++) { // all of them where the big one begins
      String path = "/a%04d".formatted(i);
      forgery.put(path, new Forgery.Part("uint8", 1, List.of(100_000L), new byte[0]));
    }
    forgery.write(file);
    DataException problem = assertThrows(DataException.class, () -> Hdf5Reader.open(file));
    assertTrue(problem.getMessage().contains("has datasets that overlap"), problem.getMessage());
  }

  @Test
  void namesThatControlATerminalAreRefused() throws IOException {
    for (String name : List.of("a\u001b[2J", "c/d")) {
      Path file = directory.resolve("sound.h5");
      Hdf5FileTest.write(file);
      Forgery.of(file).put("/@" + name, "x").write(file);
      DataException problem = assertThrows(DataException.class, () -> Hdf5Reader.open(file));
      assertTrue(problem.getMessage().contains("a name in / that belay"), problem.getMessage());
    }
  }

  @Test
  void moreTextThanBelayWritesIsRefused() throws IOException {
    Path file = directory.resolve("sound.h5");
    Hdf5FileTest.write(file);
    byte[] ones = new byte[300_000];
    Forgery.of(file)
        .put("/strings", new Forgery.Part("string", 1, List.of(300_000L), ones))
        .write(file);
    try (Hdf5Reader reader = Hdf5Reader.open(file)) {
      DataException problem = assertThrows(DataException.class, reader::verify);
      assertTrue(problem.getMessage().contains("more than belay writes"), problem.getMessage());
    }
  }

  private static void reseal(byte[] bytes, int headers) {
    int end = bytes.length - Seal.BYTES;
    ByteBuffer superblock = ByteBuffer.wrap(bytes, 0, HeaderBlock.SUPERBLOCK_BYTES);
    Seal seal = Seal.of(headers, superblock, ByteBuffer.wrap(bytes, headers, end - headers));
    seal.bytes().get(bytes, end, Seal.BYTES);
  }

  private void assertFoundOrHarmless(byte[] bytes) throws IOException {
    Files.write(damaged(), bytes);
    try {
      readAll();
    } catch (DataException e) {
      assertClear(e);
    }
  }

  private void assertClear(DataException e) {
    assertTrue(e.getMessage().startsWith(damaged() + ": "), e.getMessage());
    assertFalse(e.getMessage().contains("\n"), e.getMessage());
  }

  /** Returns only if the content is the one that was written. */
  private void readAll() {
    try (Hdf5Reader reader = Hdf5Reader.open(damaged())) {
      reader.verify();
      assertArrayEquals(new float[] {1, -2.5f, 3, 4, 5, 6}, reader.floats("/numbers/floats"));
      assertEquals("größer", reader.strings("/strings").get(2));
      assertEquals("Größe μ", reader.text("/empty/inner", "note"));
      assertEquals(8, reader.datasets().size());
    }
  }

  @Test
  void noFileStaysOpenAfterAProblem() throws IOException {
    byte[] sound = sound();
    sound[sound.length / 2] ^= 1;
    long before = openFiles();
    for (int i = 0; i < 50; i++) {
      assertFoundOrHarmless(Arrays.copyOf(sound, sound.length - i));
    }
    assertTrue(openFiles() < before + 25);
  }

  private static long openFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }

  @Test
  void aFullDiskKeepsTheOldFileAndLeavesNoPart() throws IOException {
    try (SmallDisk disk = new SmallDisk(directory, 400)) {
      Path file = directory.resolve("x.h5");
      write(file, 40_000);
      IOException full = assertThrows(IOException.class, () -> write(file, 90_000));
      assertTrue(full.getMessage().contains("No space left on device"), full.getMessage());
      assertTrue(full.getMessage().contains("x.h5"), full.getMessage());
      assertFalse(Files.exists(AtomicFile.partial(file)));
      try (Hdf5Reader reader = Hdf5Reader.open(file)) {
        assertEquals(40_000, reader.floats("/x").length);
      }
      disk.resize(2_000);
      write(file, 90_000);
    }
  }

  private static void write(Path file, int count) throws IOException {
    try (Hdf5Writer writer = Hdf5Writer.create(file)) {
      writer.floats("/x", new float[count]);
      writer.publish(Fence.NONE);
    }
  }
}
