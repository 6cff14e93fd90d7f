package belay.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.checkpoint.Checkpoint;
import belay.checkpoint.CheckpointFile;
import belay.features.FeatureFile;
import belay.features.LabelledFeatures;
import belay.net.Slot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run that version 0.1.0 left, of three epochs of 8 steps on the images of belay sample --train
 * 120 --test 30: what it made stays readable and means what it meant.
 */
class EarlierRunTest {
  private static final Path EARLIER = Path.of("src/test/run-0.1");
  private static final String CHECKPOINT = "checkpoints/ckpt-0003.h5";

  @TempDir private static Path home;

  @TempDir private Path run;

  @BeforeAll
  static void makeTheSameImages() throws IOException {
    String[] sample = {"sample", data(), "--train", "120", "--test", "30"};
    assertEquals(0, InProcess.execute(sample).exitCode());
    Checkpoint checkpoint = CheckpointFile.read(EARLIER.resolve(CHECKPOINT));
    Files.writeString(home.resolve("tiny.net"), checkpoint.network().text());
  }

  @BeforeEach
  void copyTheRun() throws IOException {
    Files.createDirectory(run.resolve("checkpoints"));
    for (String file : new String[] {CHECKPOINT, "features.h5", "svm.h5"}) {
      Files.copy(EARLIER.resolve(file), run.resolve(file));
    }
  }

  private static String data() {
    return home.resolve("data").toString();
  }

  private String execute(String stage, String... keys) {
    Stream<String> usual =
        Stream.of(
            "backend=reference",
            "data.dir=" + data(),
            "train.network=" + home.resolve("tiny.net"),
            "train.batch=16",
            "train.learning-rate=0.003",
            "train.warmup-steps=0");
    String[] command =
        Stream.concat(
                Stream.of(stage, "--run", run.toString()),
                Stream.concat(usual, Stream.of(keys)).flatMap(key -> Stream.of("--set", key)))
            .toArray(String[]::new);
    InProcess.Outcome outcome = InProcess.execute(command);
    assertEquals(0, outcome.exitCode(), outcome::errors);
    return outcome.errors();
  }

  @Test
  void itsCheckpointHoldsTheSameNetworkAndBothMoments() {
    Checkpoint checkpoint = CheckpointFile.read(run.resolve(CHECKPOINT));
    assertEquals(
        "821de844675e0c73d873b61a870d48c96facaa1649c770831075ad9d00227e14",
        checkpoint.network().digest());
    assertEquals(24, checkpoint.state().step());
    assertEquals(
        Set.of(Slot.FIRST_MOMENT, Slot.SECOND_MOMENT), checkpoint.state().slots().keySet());
  }

  @Test
  void itsFeaturesAreExtractedBitForBit() throws IOException {
    Files.delete(run.resolve("features.h5"));
    execute("extract", "train.epochs=3");
    try (FeatureFile earlier = FeatureFile.open(EARLIER.resolve("features.h5"));
        FeatureFile now = FeatureFile.open(run.resolve("features.h5"))) {
      assertEquals(earlier.weightsSha256(), now.weightsSha256());
      assertSame(earlier.train(), now.train());
      assertSame(earlier.test(), now.test());
    }
  }

  private static void assertSame(LabelledFeatures expected, LabelledFeatures actual) {
    assertArrayEquals(expected.features().values(), actual.features().values());
    assertArrayEquals(expected.labels(), actual.labels());
  }

  @Test
  void itPredictsTheSameClasses() throws IOException {
    String images = home.resolve("data/test_batch.bin").toString();
    String[] command = {
      "predict", "-q", "--run", run.toString(), "--backend", "reference", "--csv", images
    };
    assertEquals(
        Files.readString(EARLIER.resolve("predictions.csv")), output(command).replace(images, ""));
  }

  private static String output(String... command) {
    PrintStream out = System.out;
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(text, true, StandardCharsets.UTF_8));
      assertEquals(0, Belay.commandLine().execute(command));
      return text.toString(StandardCharsets.UTF_8);
    } finally {
      System.setOut(out);
    }
  }

  @Test
  void itsTrainingGoesOn() {
    execute("train", "train.epochs=4");
    Checkpoint checkpoint = CheckpointFile.read(run.resolve("checkpoints/ckpt-0004.h5"));
    assertEquals(32, checkpoint.state().step());
  }

  @Test
  void otherShardsAreToldAsAnotherMinibatchWouldBe() {
    execute("train", "train.epochs=4");
    String said = execute("train", "train.epochs=5", "train.shards=4");
    assertTrue(said.contains("changed=train.shards before=auto now=4"), said);
    Checkpoint checkpoint = CheckpointFile.read(run.resolve("checkpoints/ckpt-0005.h5"));
    assertEquals("auto, then 4 after epoch 4", checkpoint.provenance().get("changed.train.shards"));
  }

  @Test
  void itsTrainingSumsInAnotherOrderAndSaysSoOnce() {
    String change = "order-of-sums=\"shard by shard\" before=\"launch by launch\"";
    String said = execute("train", "train.epochs=4");
    assertTrue(said.contains(change + ": the weights may differ in their last bits"), said);
    Checkpoint checkpoint = CheckpointFile.read(run.resolve("checkpoints/ckpt-0004.h5"));
    assertEquals(
        "launch by launch, then shard by shard after epoch 3",
        checkpoint.provenance().get("changed.order-of-sums"));
    assertEquals("auto", checkpoint.configuration().get("train.shards"));
    String saidLater = execute("train", "train.epochs=5");
    assertFalse(saidLater.contains("order-of-sums"), saidLater);
  }
}
