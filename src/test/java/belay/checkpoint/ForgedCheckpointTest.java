package belay.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import belay.error.DataException;
import belay.hdf.Forgery;
import belay.hdf.Forgery.Part;
import belay.storage.Fence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files whose digests and seal are right, and whose content no training writes. */
class ForgedCheckpointTest {
  private static final long[] THREE = {3};

  @TempDir Path directory;

  static Stream<Arguments> forgeries() {
    return Stream.of(
        forged("/progress@position", f -> f.put("/progress@position", -1)),
        forged("/progress@position", f -> f.put("/progress@position", 1L << 31)),
        forged("at position 1000000", f -> f.put("/progress@position", 1_000_000)),
        forged("@loss_images", f -> f.put("/progress@position", 641)),
        forged("@step is 237 and @position 640", f -> f.put("/progress@step", 237L)),
        forged("@position 0", f -> f.put("/progress@position", 0)),
        forged("/progress@step", f -> f.put("/progress@step", Long.MAX_VALUE)),
        forged("/progress@step", f -> f.put("/progress@step", -5L)),
        forged("@step is 100", f -> f.put("/progress@step", 100L)),
        forged("/progress@step is not a whole number", f -> f.put("/progress@step", 5.0)),
        forged("/progress@epoch is 7", f -> f.put("/progress@epoch", 7)),
        forged("/progress@loss_sum is NaN", f -> f.put("/progress@loss_sum", Double.NaN)),
        forged("/progress@loss_sum is a String", f -> f.put("/progress@loss_sum", "12")),
        forged("/progress@loss_images", f -> f.put("/progress@loss_images", -1L)),
        forged("/progress@epoch_seconds", f -> f.put("/progress@epoch_seconds", -1.0)),
        forged("lacks the attribute", f -> f.remove("/progress@loss_images")),
        forged(
            "lacks the dataset /optimizer/first_moment/enc1/w",
            f -> f.remove("/optimizer/first_moment/enc1/w")),
        forged(
            "lacks the dataset /optimizer/first_moment/dec1/b",
            f -> f.remove("/optimizer/first_moment/dec1/b")),
        forged(
            "lacks the dataset /optimizer/second_moment/enc1/w",
            f -> f.remove("/optimizer/second_moment/enc1/w")),
        forged(
            "lacks the dataset /optimizer/second_moment/dec1/b",
            f -> f.remove("/optimizer/second_moment/dec1/b")),
        forged("/weights/enc1/b[2] is NaN", f -> fill(f, "/weights/enc1/b", 2, Float.NaN)),
        forged("[0] is -Infinity", f -> fill(f, "/weights/dec1/b", 0, Float.NEGATIVE_INFINITY)),
        forged(
            "[0] is Infinity",
            f -> fill(f, "/optimizer/first_moment/dec1/b", 0, Float.POSITIVE_INFINITY)),
        forged("[1] is -1, expected", f -> fill(f, "/optimizer/second_moment/dec1/b", 1, -1)),
        forged("/metrics/epoch[0]", f -> f.put("/metrics/epoch", Part.of(THREE, 0, 2, 3))),
        forged("/metrics/epoch[1]", f -> f.put("/metrics/epoch", Part.of(THREE, 1, -5, 3))),
        forged("[1] is 1, expected 2", f -> f.put("/metrics/epoch", Part.of(THREE, 1, 1, 3))),
        forged("[0] is 2, expected 1", f -> f.put("/metrics/epoch", Part.of(THREE, 2, 3, 4))),
        forged("/metrics/epoch has shape []", f -> reshape(f, "/metrics/epoch", new int[] {1})),
        forged("/metrics/step[1]", f -> f.put("/metrics/step", Part.of(THREE, 79L, 79L, 237L))),
        forged("/metrics/step[0]", f -> f.put("/metrics/step", Part.of(THREE, -1L, 79L, 237L))),
        forged(
            "/metrics/test_loss[1] is NaN",
            f -> f.put("/metrics/test_loss", Part.of(THREE, 1.0, Double.NaN, 1.0))),
        forged(
            "/metrics/live_features[0] is 1.5",
            f -> f.put("/metrics/live_features", Part.of(THREE, 1.5, 1.0, 1.0))),
        forged(
            "/metrics/ended[2]",
            f -> f.put("/metrics/ended", Part.of(THREE, 1L, 2L, Long.MAX_VALUE))),
        forged(
            "/metrics/evaluation_seconds has a number below 0",
            f -> f.put("/metrics/evaluation_seconds", Part.of(THREE, -1.0, 1.0, 1.0))),
        forged("/classes[1] is no name", f -> f.put("/classes", Part.of("a", "b\u001b[2J"))),
        forged("/classes[0] is no name", f -> f.put("/classes", Part.of("", "b"))),
        forged("the number of /classes is 0", f -> f.put("/classes", Part.of())),
        forged("/classes has shape []", f -> reshapeTo(f, "/classes")),
        forged(
            "/network/text does not mean",
            f -> f.put("/network/text", Part.of("input 8x8x3", "latent", "conv 3 name=enc1"))),
        forged("/network/text", f -> f.put("/network/text", Part.of("input 9999x9999x9999"))));
  }

  private static Arguments forged(String said, Consumer<Forgery> change) {
    return arguments(said, change);
  }

  private static void fill(Forgery forgery, String path, int at, float value) {
    Part part = forgery.datasets().get(path);
    float[] values = new float[part.bytes().length / Float.BYTES];
    values[at] = value;
    long[] shape = part.shape().stream().mapToLong(Long::longValue).toArray();
    forgery.put(path, Part.of(shape, values));
  }

  private static void reshape(Forgery forgery, String path, int[] values) {
    forgery.put(path, Part.of(new long[0], values));
  }

  private static void reshapeTo(Forgery forgery, String path, long... shape) {
    Part one = Part.of("alone");
    forgery.put(path, one.reshaped(shape));
  }

  @ParameterizedTest
  @MethodSource("forgeries")
  void isRefusedInOneLine(String said, Consumer<Forgery> change) throws IOException {
    Path file = forge(SampleCheckpoint.at(3, 640, 250), change);
    String problem = problem(() -> CheckpointFile.read(file));
    assertTrue(problem.contains(said), problem);
    assertEquals(problem, problem(() -> CheckpointFile.check(file)));
  }

  private static String problem(Runnable reading) {
    String problem = assertThrows(DataException.class, reading::run).getMessage();
    assertEquals(1, problem.lines().count(), problem);
    return problem;
  }

  private Path forge(Checkpoint whole, Consumer<Forgery> change) throws IOException {
    Path file = directory.resolve(whole.name().toString());
    CheckpointFile.write(file, whole, Fence.NONE);
    Forgery forgery = Forgery.of(file);
    change.accept(forgery);
    return forgery.write(file);
  }

  @Test
  void aVarianceBelow0IsRefusedAndAMeanIsNot() throws IOException {
    String layer = "/weights/enc.first.batchnorm1/";
    Checkpoint whole = SampleCheckpoint.normalised();
    CheckpointFile.check(forge(whole, f -> fill(f, layer + "mean", 1, -1)));
    Path forged = forge(whole, f -> fill(f, layer + "variance", 1, -1));
    for (Runnable reading :
        List.<Runnable>of(
            () -> CheckpointFile.read(forged),
            () -> CheckpointFile.check(forged),
            () -> CheckpointFile.readWeights(forged, whole.network()))) {
      String problem = problem(reading);
      assertTrue(problem.contains(layer + "variance[1] is -1, expected"), problem);
    }
  }

  @Test
  void whatIsNotChangedReadsAsBefore() throws IOException {
    Checkpoint whole = SampleCheckpoint.at(3, 640, 250);
    Path file = forge(whole, forgery -> {});
    CheckpointFileTest.assertSame(whole, CheckpointFile.read(file));
    CheckpointFile.check(file);
  }

  @Test
  void aNetworkThatClaimsMoreThanTheFileHoldsCostsNoMemory() throws IOException {
    String huge = "input 8x8x3\nconv 4096 name=a\nconv 4096 name=b\nlatent\nconv 3 name=c";
    Path file =
        forge(
            SampleCheckpoint.afterEpoch(1),
            f ->
                f.put("/network/text", Part.of(huge.split("\n")))
                    .put("/network@sha256", belay.net.Network.parse("x", huge).digest()));
    assertTrue(problem(() -> CheckpointFile.read(file)).contains("which no checkpoint"));
  }

  @Test
  void anOlderCheckpointTakesThePlaceOfAForgedOne() throws IOException {
    Checkpoints checkpoints = new Checkpoints(directory);
    Checkpoint older = SampleCheckpoint.afterEpoch(3);
    CheckpointFile.write(checkpoints.file(older.name()), older, Fence.NONE);
    Path forged =
        forge(SampleCheckpoint.at(3, 640, 250), f -> f.put("/progress@position", 1_000_000));
    assertEquals(checkpoints.file(older.name()), checkpoints.newestValid().get().file());
    assertFalse(Files.exists(forged));
    assertTrue(Files.exists(directory.resolve(forged.getFileName() + ".damaged")));
  }

  @Test
  void aCopyUnderANewerNameIsNotTakenForNewer() throws IOException {
    Checkpoints checkpoints = new Checkpoints(directory);
    Checkpoint older = SampleCheckpoint.afterEpoch(3);
    CheckpointFile.write(checkpoints.file(older.name()), older, Fence.NONE);
    Files.copy(checkpoints.file(older.name()), checkpoints.file(CheckpointName.ofEpoch(9)));
    assertEquals(checkpoints.file(older.name()), checkpoints.newestValid().get().file());
  }

  @Test
  void aStateThatDoesNotFitTheTrainingIsPassedOver() throws IOException {
    Checkpoints checkpoints = new Checkpoints(directory);
    for (int epoch = 1; epoch <= 2; epoch++) {
      Checkpoint whole = SampleCheckpoint.afterEpoch(epoch);
      CheckpointFile.write(checkpoints.file(whole.name()), whole, Fence.NONE);
    }
    Checkpoints.Saved saved =
        checkpoints
            .newestValid(
                found -> {
                  if (found.checkpoint().progress().epoch() > 1) {
                    throw new DataException("no training leads there");
                  }
                })
            .get();
    assertEquals(1, saved.checkpoint().progress().epoch());
  }

  @Test
  void namesWhoseNumbersWouldOverflowAreNone() {
    for (String name :
        new String[] {
          "ckpt-999999999999.h5",
          "ckpt-0001-9999999999999999999999.h5",
          "ckpt--001.h5",
          "ckpt-00001.h5",
          "ckpt-٠٠٠١.h5"
        }) {
      assertTrue(CheckpointName.parse(name).isEmpty(), name);
    }
    assertEquals(
        Map.of(999_999_999, true),
        Map.of(CheckpointName.parse("ckpt-999999999.h5").get().epoch(), true));
  }
}
