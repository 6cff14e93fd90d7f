package belay.features;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.Backend;
import belay.backend.EncodePlan;
import belay.backend.reference.ReferenceBackend;
import belay.data.Dataset;
import belay.data.ImageFormat;
import belay.data.ImageSet;
import belay.error.DataException;
import belay.error.StoppedException;
import belay.features.FeatureExtractor.Outcome;
import belay.hdf.ForeignReader;
import belay.hdf.MadeBy;
import belay.hdf.SmallDisk;
import belay.net.Initializer;
import belay.net.Mark;
import belay.net.Network;
import belay.net.Shape;
import belay.storage.Fence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureExtractorTest {
  private static final Network NETWORK =
      Network.parse("tiny", "input 8x8x3\nconv 4\nrelu\nmaxpool 2\nlatent\nupsample 2\nconv 3\n");
  private static final int FEATURES = 4 * 4 * 4;

  @TempDir Path directory;
  private Path file;
  private final Backend backend = new ReferenceBackend();
  private final float[] weights = Initializer.HE.initialize(NETWORK, 1);
  private final Dataset dataset =
      new Dataset(images(53, 1), images(17, 2), List.of("cat", "dog", "ship"));

  @BeforeEach
  void nameFile() {
    file = directory.resolve("features.h5");
  }

  private static ImageSet images(int count, int seed) {
    Random random = new Random(seed);
    ImageFormat format = new ImageFormat(8, 8, 3, 3);
    byte[] pixels = new byte[count * format.imageBytes()];
    random.nextBytes(pixels);
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) random.nextInt(3);
    }
    return new ImageSet(format, pixels, labels);
  }

  private FeatureExtractor extractor(float[] vector) {
    return new FeatureExtractor(backend, NETWORK, vector, dataset, 8, () -> false);
  }

  private Outcome extract() {
    return extractor(weights)
        .extract(file, new MadeBy(Map.of("checkpoint", "ckpt-0003.h5"), Map.of()), Fence.NONE);
  }

  private float[] encoded(ImageSet images) {
    float[] features = new float[images.count() * FEATURES];
    try (EncodePlan plan = backend.compileEncoding(NETWORK, Mark.LATENT, 64, images, weights)) {
      plan.encode(0, images.count(), features);
    }
    return features;
  }

  @Test
  void writesTheLatentValuesOfEveryImage() {
    assertEquals(Outcome.WRITTEN, extract());
    try (FeatureFile features = FeatureFile.open(file)) {
      assertArrayEquals(encoded(dataset.train()), features.train().features().values());
      assertArrayEquals(encoded(dataset.test()), features.test().features().values());
      assertEquals(17, features.test().features().rows());
      assertEquals(dataset.train().label(52), features.train().labels()[52]);
      assertEquals(List.of("cat", "dog", "ship"), features.classNames());
      assertEquals(new Shape(4, 4, 4), features.latent());
      assertEquals(Map.of("checkpoint", "ckpt-0003.h5"), features.provenance());
    }
  }

  @Test
  void reusesAWholeFileOfTheSameWeights() throws IOException {
    extract();
    byte[] bytes = Files.readAllBytes(file);
    assertEquals(Outcome.REUSED, extract());
    assertArrayEquals(bytes, Files.readAllBytes(file));
  }

  @Test
  void writesAnewWhatIsOfOtherWeightsOrDamaged() throws IOException {
    extract();
    byte[] sound = Files.readAllBytes(file);
    float[] others = weights.clone();
    others[0] += 1;
    assertEquals(
        Outcome.WRITTEN,
        extractor(others).extract(file, new MadeBy(Map.of(), Map.of()), Fence.NONE));
    for (int at : new int[] {5000, sound.length - 200}) {
      byte[] flipped = sound.clone();
      flipped[at] ^= 1;
      Files.write(file, flipped);
      assertEquals(Outcome.WRITTEN, extract());
      Files.write(file, Arrays.copyOf(sound, at));
      assertEquals(Outcome.WRITTEN, extract());
      assertArrayEquals(sound, Files.readAllBytes(file));
    }
  }

  @Test
  void aStopLeavesNothingBehind() throws IOException {
    AtomicInteger looks = new AtomicInteger();
    FeatureExtractor extractor =
        new FeatureExtractor(
            backend, NETWORK, weights, dataset, 8, () -> looks.incrementAndGet() > 4);
    String message =
        assertThrows(
                StoppedException.class,
                () -> extractor.extract(file, new MadeBy(Map.of(), Map.of()), Fence.NONE))
            .getMessage();
    assertTrue(message.startsWith("Stopped after 32 of 70 images"), message);
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void readingHearsTheStopSignalAndStillChecksTheDigest() throws IOException {
    extract();
    try (FeatureFile features = FeatureFile.open(file, () -> true)) {
      assertThrows(StoppedException.class, features::train);
      assertThrows(StoppedException.class, features::test);
      assertThrows(StoppedException.class, features::verify);
    }
    byte[] bytes = Files.readAllBytes(file);
    bytes[5000] ^= 1; // in /train/features, which come first
    Files.write(file, bytes);
    try (FeatureFile features = FeatureFile.open(file)) {
      String message = assertThrows(DataException.class, features::train).getMessage();
      assertTrue(message.endsWith("its SHA-256 is not the manifest's"), message);
      assertThrows(DataException.class, features::verify);
    }
  }

  @Test
  void aFileIsReusedOnlyWithoutAStop() {
    extract();
    FeatureExtractor extractor =
        new FeatureExtractor(backend, NETWORK, weights, dataset, 8, () -> true);
    String message =
        assertThrows(
                StoppedException.class,
                () -> extractor.extract(file, new MadeBy(Map.of(), Map.of()), Fence.NONE))
            .getMessage();
    assertTrue(message.startsWith("Stopped while reading features"), message);
    assertEquals(Outcome.REUSED, extract());
  }

  @Test
  void aFullDiskIsOneClearLine() throws IOException {
    try (SmallDisk disk = new SmallDisk(directory, 12)) {
      String message = assertThrows(DataException.class, this::extract).getMessage();
      assertTrue(message.contains("No space left on device"), message);
      assertTrue(message.contains("17,920 bytes"), message);
      assertFalse(Files.exists(file));
      disk.resize(1000);
      assertEquals(Outcome.WRITTEN, extract());
    }
  }

  @Test
  void foreignToolsReadIt() {
    extract();
    String list = ForeignReader.h5ls("-r", file.toString());
    assertTrue(list.matches("(?s).*/train/features +Dataset \\{53, 64\\}.*"), list);
    assertTrue(ForeignReader.h5dump("-H", file.toString()).contains("H5T_STD_U8LE"));
    assertTrue(ForeignReader.verify(file).endsWith("entries verified"));
    float[] test = encoded(dataset.test());
    assertEquals(
        dataset.test().label(16) + " " + Float.floatToRawIntBits(test[test.length - 1]),
        ForeignReader.h5py(
            file, "print(f['test/labels'][16], f['test/features'][()].view(np.int32)[16, 63])"));
  }
}
