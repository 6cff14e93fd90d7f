package belay.features;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import belay.error.DataException;
import belay.hdf.Forgery;
import belay.hdf.Forgery.Part;
import belay.hdf.Hdf5Writer;
import belay.net.Shape;
import belay.storage.Fence;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Feature files whose digests and seal are right, and whose content no extraction writes. */
class ForgedFeaturesTest {
  private static final long[] NONE = {};

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void extract() throws IOException {
    file = directory.resolve("features.h5");
    try (Hdf5Writer writer = Hdf5Writer.create(file)) {
      FeatureFile.describe(writer, new Origin("w", "n", "d"), new Shape(1, 2, 2));
      for (String group : List.of(FeatureFile.TRAIN, FeatureFile.TEST)) {
        writer.floats(group + "/features", new float[12], 3, 4);
        writer.unsignedBytes(group + "/labels", new byte[] {0, 1, 1});
      }
      writer.strings(FeatureFile.CLASSES, List.of("cat", "dog"));
      writer.publish(Fence.NONE);
    }
  }

  static Stream<Arguments> forgeries() {
    return Stream.of(
        forged("/train/labels has shape []", f -> f.put("/train/labels", bytes(NONE, 1))),
        forged("/test/features has shape []", f -> f.put("/test/features", Part.of(NONE, 1f))),
        forged("/test/features has shape [12]", f -> flat(f, "/test/features")),
        forged("/test/labels[2] is 2 of 2", f -> f.put("/test/labels", bytes(3, 0, 1, 2))),
        forged("/test/features[1, 0] is NaN", f -> nan(f, "/test/features", 4)),
        forged("/@latent_height is 0", f -> f.put("/@latent_height", 0)),
        forged("/@latent_width is -2", f -> f.put("/@latent_width", -2)),
        forged("/@latent_channels", f -> f.put("/@latent_channels", 1L << 40)),
        forged("which no network has", f -> huge(f)),
        forged("/@latent_height is a String", f -> f.put("/@latent_height", "1")),
        forged("the number of /classes", f -> f.put("/classes", Part.of())),
        forged("/classes[0] is no name", f -> f.put("/classes", Part.of("\u0007", "dog"))),
        forged("lacks the attribute /@weights_sha256", f -> f.remove("/@weights_sha256")));
  }

  private static Arguments forged(String said, Consumer<Forgery> change) {
    return arguments(said, change);
  }

  private static Part bytes(long[] shape, int value) {
    return Part.of(shape, (byte) value);
  }

  private static Part bytes(long count, int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return Part.of(new long[] {count}, bytes);
  }

  private static void flat(Forgery forgery, String path) {
    forgery.put(path, forgery.datasets().get(path).reshaped(12));
  }

  private static void nan(Forgery forgery, String path, int at) {
    float[] values = new float[12];
    values[at] = Float.NaN;
    forgery.put(path, Part.of(new long[] {3, 4}, values));
  }

  private static void huge(Forgery forgery) {
    forgery.put("/@latent_height", 1 << 24).put("/@latent_width", 1 << 24);
  }

  @ParameterizedTest
  @MethodSource("forgeries")
  void isRefusedInOneLine(String said, Consumer<Forgery> change) throws IOException {
    Forgery forgery = Forgery.of(file);
    change.accept(forgery);
    forgery.write(file);
    String problem = assertThrows(DataException.class, this::readAll).getMessage();
    assertTrue(problem.contains(said), problem);
    assertEquals(1, problem.lines().count(), problem);
  }

  @Test
  void whatIsNotChangedReadsAsBefore() throws IOException {
    Forgery.of(file).write(file);
    readAll();
  }

  private void readAll() {
    try (FeatureFile features = FeatureFile.open(file)) {
      features.weightsSha256();
      features.verify();
    }
  }
}
