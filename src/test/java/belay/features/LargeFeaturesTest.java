package belay.features;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.error.BelayException;
import belay.error.DataException;
import belay.error.StoppedException;
import belay.hdf.ForeignReader;
import belay.hdf.Hdf5Writer;
import belay.net.Shape;
import belay.storage.Fence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Features of 69 MiB: digested in pieces, read in 18 slabs, and more than a heap of 64 MiB. */
class LargeFeaturesTest {
  private static final Shape LATENT = new Shape(64, 64, 4);
  private static final int ROWS = 1100;

  @TempDir Path directory;
  private Path file;
  private final float[] values = new float[ROWS * LATENT.size()];

  @BeforeEach
  void write() throws IOException {
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    file = directory.resolve("features.h5");
    try (Hdf5Writer writer = Hdf5Writer.create(file)) {
      FeatureFile.describe(writer, new Origin("w", "n", "d"), LATENT);
      for (String group : List.of(FeatureFile.TRAIN, FeatureFile.TEST)) {
        int rows = group.equals(FeatureFile.TRAIN) ? ROWS : 0;
        float[] some = rows == 0 ? new float[0] : values;
        writer.floats(group + "/features", some, rows, LATENT.size());
        writer.unsignedBytes(group + "/labels", new byte[rows]);
      }
      writer.strings(FeatureFile.CLASSES, List.of("cat"));
      writer.publish(Fence.NONE);
    }
  }

  @Test
  void piecesMakeTheWhole() {
    AtomicInteger looks = new AtomicInteger();
    try (FeatureFile features = FeatureFile.open(file, () -> looks.incrementAndGet() < 0)) {
      assertArrayEquals(values, features.train().features().values());
      assertEquals(19, looks.get());
      assertEquals(0, features.test().features().rows());
      features.verify();
      assertEquals(40, looks.get());
    }
  }

  @Test
  void h5pyVerifiesTheDigestOfThePieces() {
    assertTrue(ForeignReader.verify(file).endsWith("entries verified"));
  }

  @Test
  void aChangedPieceIsFound() throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {77}), 60 << 20);
    }
    try (FeatureFile features = FeatureFile.open(file)) {
      AtomicInteger rows = new AtomicInteger();
      String message =
          assertThrows(
                  DataException.class,
                  () -> features.streamTrain((first, count, values) -> rows.addAndGet(count)))
              .getMessage();
      assertTrue(message.contains("/train/features is damaged"), message);
      assertEquals(ROWS, rows.get());
    }
  }

  @Test
  void aStopIsHeardBetweenPieces() {
    AtomicInteger looks = new AtomicInteger();
    try (FeatureFile features = FeatureFile.open(file, () -> looks.incrementAndGet() == 2)) {
      assertThrows(StoppedException.class, features::train);
    }
  }

  @Test
  void aHeapThatIsTooSmallIsOneClearLine() throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(child.getInputStream().readAllBytes());
    child.waitFor();
    assertEquals(1, said.lines().count(), said);
    assertTrue(said.startsWith("DeviceException The features need 69 MiB"), said);
    assertTrue(said.contains("64 MiB in all; start it with java -Xmx202m or more."), said);
  }

  /** The process with the small heap. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) {
      try (FeatureFile features = FeatureFile.open(Path.of(arguments[0]))) {
        System.out.println(features.train().features().rows());
      } catch (BelayException e) {
        System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
      }
    }
  }
}
