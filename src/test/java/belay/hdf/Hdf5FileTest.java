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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Hdf5FileTest {
  private static final double ODD = Double.longBitsToDouble(0x3ff123456789abcdL);

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = directory.resolve("sample.h5");
  }

  /** One of everything. */
  static void write(Path file) throws IOException {
    try (Hdf5Writer writer = Hdf5Writer.create(file)) {
      writer.group("/").attribute("format", "sample").attribute("version", 1L);
      writer.group("/empty/inner").attribute("note", "Größe μ").attribute("names", "a", "", "ccc");
      writer
          .floats("/numbers/floats", new float[] {1, -2.5f, 3, 4, 5, 6}, 2, 3)
          .attribute("units", "1")
          .attribute("odd", ODD)
          .attribute("count", 7);
      writer.doubles("/numbers/doubles", new double[] {ODD, -0.0});
      writer.ints("/numbers/ints", new int[] {Integer.MIN_VALUE, 7});
      writer.longs("/numbers/longs", new long[] {Long.MIN_VALUE, 8});
      writer.unsignedBytes("/numbers/bytes", new byte[] {0, 127, (byte) 255}, 3, 1);
      writer.strings("/strings", List.of("cat", "", "größer"));
      writer.strings("/none", List.of());
      writer.doubles("/nothing", new double[0]);
      writer.publish(Fence.NONE);
    }
  }

  @Test
  void readsBackEveryTypeBitForBit() throws IOException {
    write(file);
    try (Hdf5Reader reader = Hdf5Reader.open(file)) {
      reader.verify();
      assertArrayEquals(new float[] {1, -2.5f, 3, 4, 5, 6}, reader.floats("/numbers/floats"));
      assertEquals(List.of(2L, 3L), reader.shape("/numbers/floats"));
      assertArrayEquals(new double[] {ODD, -0.0}, reader.doubles("/numbers/doubles"));
      assertArrayEquals(new int[] {Integer.MIN_VALUE, 7}, reader.ints("/numbers/ints"));
      assertArrayEquals(new long[] {Long.MIN_VALUE, 8}, reader.longs("/numbers/longs"));
      assertArrayEquals(new byte[] {0, 127, (byte) 255}, reader.unsignedBytes("/numbers/bytes"));
      assertEquals(List.of("cat", "", "größer"), reader.strings("/strings"));
      assertEquals(List.of(), reader.strings("/none"));
      assertEquals(0, reader.doubles("/nothing").length);
      assertEquals("Größe μ", reader.text("/empty/inner", "note"));
      assertEquals(ODD, reader.real("/numbers/floats", "odd"));
      assertEquals(7, reader.integer("/numbers/floats", "count"));
      assertEquals(1, reader.integer("/", "version"));
      assertEquals(
          List.of(
              "/none",
              "/nothing",
              "/numbers/bytes",
              "/numbers/doubles",
              "/numbers/floats",
              "/numbers/ints",
              "/numbers/longs",
              "/strings"),
          List.copyOf(reader.datasets()));
    }
  }

  @Test
  void streamsRowsInAndOut() throws IOException {
    float[] whole = new float[1000 * 700]; // more than one chunk
    for (int i = 0; i < whole.length; i++) {
      whole[i] = i * 0.37f;
    }
    try (Hdf5Writer writer = Hdf5Writer.create(file)) {
      FloatRows rows = writer.stream("/train/features", 1000, 700);
      for (int row = 0; row < 1000; row += 8) {
        rows.write(whole, row * 700, 8 * 700);
      }
      rows.end().attribute("units", "1");
      writer.publish(Fence.NONE);
    }
    try (Hdf5Reader reader = Hdf5Reader.open(file)) {
      assertArrayEquals(whole, reader.floats("/train/features"));
      assertEquals(Sha256.of(whole), reader.sha256("/train/features"));
      float[] slabs = new float[whole.length];
      reader.stream(
          "/train/features",
          999,
          (first, values) ->
              values.asFloatBuffer().get(slabs, (int) first, values.remaining() / Float.BYTES));
      assertArrayEquals(whole, slabs);
    }
  }

  @Test
  void h5dumpAndH5lsReadEverything() throws IOException {
    write(file);
    String dump = ForeignReader.h5dump(file.toString());
    assertTrue(dump.contains("H5T_IEEE_F32LE"), dump);
    assertTrue(dump.contains("(0,0): 1, -2.5, 3,"), dump);
    assertTrue(dump.contains("-9223372036854775808, 8"), dump);
    assertTrue(dump.contains("H5T_STD_U8LE"), dump);
    assertTrue(dump.contains("\"cat\", \"\", \"gr"), dump);
    String list = ForeignReader.h5ls("-r", file.toString());
    assertTrue(list.matches("(?s).*/numbers/floats +Dataset \\{2, 3\\}.*"), list);
    assertTrue(list.matches("(?s).*/none +Dataset \\{0\\}.*"), list);
  }

  @Test
  void h5pyReadsTheSameBitsAndVerifiesTheManifest() throws IOException {
    write(file);
    String text =
        ForeignReader.h5py(
            file,
            "print(f['numbers/doubles'][()].tobytes().hex(),"
                + " f['numbers/floats'].attrs['odd'].tobytes().hex(),"
                + " f['numbers/bytes'][()].ravel().tolist(), f['strings'][2].decode(),"
                + " f['empty/inner'].attrs['note'].decode())");
    assertEquals(
        "cdab89674523f13f0000000000000080 cdab89674523f13f [0, 127, 255] größer Größe μ", text);
    assertTrue(ForeignReader.verify(file).endsWith("entries verified"));
  }

  @Test
  void aRepackedCopyStillVerifies() throws IOException {
    write(file);
    Path copy = directory.resolve("copy.h5");
    ForeignReader.h5repack(file, copy);
    assertTrue(ForeignReader.verify(copy).endsWith("entries verified"));
  }

  @Test
  void pythonFindsAChangedValue() throws IOException {
    write(file);
    ForeignReader.h5py(
        file, "f.close()\nf = h5py.File(sys.argv[1], 'r+')\nf['numbers/ints'][1] = 8\nf.close()");
    assertThrows(AssertionError.class, () -> ForeignReader.verify(file));
  }

  @Test
  void refusesAFileThatSomebodyEdited() throws IOException {
    write(file);
    ForeignReader.h5py(
        file, "f.close()\nf = h5py.File(sys.argv[1], 'r+')\nf['extra'] = [1]\nf.close()");
    String problem = assertThrows(DataException.class, () -> Hdf5Reader.open(file)).getMessage();
    assertTrue(problem.startsWith(file + ": "), problem);
  }

  @Test
  void equalContentGivesEqualBytes() throws IOException {
    write(file);
    Path other = directory.resolve("other.h5");
    write(other);
    assertEquals(-1, Files.mismatch(file, other));
  }

  @Test
  void namesFilePlaceAndExpectation() throws IOException {
    write(file);
    try (Hdf5Reader reader = Hdf5Reader.open(file)) {
      assertProblem(
          "/numbers/floats has shape [2,3], network expects [3,3]",
          () -> reader.expectShape("/numbers/floats", "network", List.of(3, 3)));
      assertProblem(
          "/numbers/ints has type int32, expected float32", () -> reader.floats("/numbers/ints"));
      assertProblem("lacks the dataset /weights", () -> reader.floats("/weights"));
      assertProblem("lacks the attribute /@epoch", () -> reader.integer("/", "epoch"));
      assertProblem("/@format is a String, expected a Double", () -> reader.real("/", "format"));
    }
  }

  private void assertProblem(String message, org.junit.jupiter.api.function.Executable read) {
    assertEquals(file + ": " + message, assertThrows(DataException.class, read).getMessage());
  }

  @Test
  void leavesNothingWhenItIsNotPublished() throws IOException {
    try (Hdf5Writer writer = Hdf5Writer.create(file)) {
      writer.floats("/x", new float[] {1});
    }
    assertFalse(Files.exists(file));
    assertFalse(Files.exists(AtomicFile.partial(file)));
  }

  @Test
  void refusesAnIncompleteStreamAndADoubleName() throws IOException {
    try (Hdf5Writer writer = Hdf5Writer.create(file)) {
      writer.ints("/x", new int[] {1});
      assertThrows(IllegalArgumentException.class, () -> writer.ints("/x", new int[] {1}));
      assertThrows(IllegalArgumentException.class, () -> writer.ints("/x/y", new int[] {1}));
      assertThrows(IllegalArgumentException.class, () -> writer.ints("/z", new int[] {1}, 2, 2));
      FloatRows rows = writer.stream("/rows", 2, 2);
      rows.write(new float[4], 0, 3);
      assertThrows(IllegalStateException.class, rows::end);
      assertThrows(IllegalStateException.class, () -> writer.publish(Fence.NONE));
    }
  }

  @Test
  void jhdfsWarningsDoNotReachUsers() throws IOException {
    List<LogRecord> records = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            records.add(record);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger.getLogger("").addHandler(handler);
    try {
      write(file);
      Hdf5Reader.open(file).close();
    } finally {
      Logger.getLogger("").removeHandler(handler);
    }
    assertEquals(List.of(), records);
  }
}
