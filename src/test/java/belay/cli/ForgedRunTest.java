package belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.hdf.Forgery;
import belay.hdf.Forgery.Part;
import belay.hdf.Hdf5Reader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a run that somebody has written anew, and what the commands make of them. */
class ForgedRunTest {
  private static final String NETWORK =
      "input 32x32x3\nmaxpool 8\nconv 2 name=enc1\nrelu\nlatent\nconv 3\nupsample 8\n";

  @TempDir private static Path home;

  @TempDir private Path directory;

  @BeforeAll
  static void makeARun() throws IOException {
    Files.writeString(home.resolve("tiny.net"), NETWORK);
    assertEquals(0, execute("sample", at("data"), "--train", "60", "--test", "20").exitCode());
    assertEquals(0, execute(stage("train", at("run"))).exitCode());
    assertEquals(0, execute(stage("extract", at("run"))).exitCode());
    assertEquals(0, execute(stage("classify", at("run"))).exitCode());
  }

  @BeforeEach
  void copyTheRun() throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve("run"))) {
      for (Path file : files.toList()) {
        Path copy = directory.resolve(home.relativize(file).toString());
        if (!Files.isDirectory(file)) {
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy);
        }
      }
    }
  }

  private static InProcess.Outcome execute(String... arguments) {
    InProcess.Outcome outcome = InProcess.execute(arguments);
    assertFalse(outcome.showsTrace(), outcome::errors);
    return outcome;
  }

  private static String at(String name) {
    return home.resolve(name).toString();
  }

  private String run() {
    return directory.resolve("run").toString();
  }

  private static String[] stage(String stage, String run, String... keys) {
    Stream<String> usual =
        Stream.of(
            "backend=reference",
            "data.dir=" + at("data"),
            "train.network=" + at("tiny.net"),
            "train.epochs=3",
            "train.batch=32",
            "train.warmup-steps=1");
    return Stream.concat(
            Stream.of(stage, "--run", run),
            Stream.concat(usual, Stream.of(keys)).flatMap(key -> Stream.of("--set", key)))
        .toArray(String[]::new);
  }

  private Path forge(String file, String as, Consumer<Forgery> change) throws IOException {
    Forgery forgery = Forgery.of(directory.resolve("run").resolve(file));
    change.accept(forgery);
    return forgery.write(directory.resolve("run").resolve(as));
  }

  private static void place(Forgery forgery, int position, long step) {
    forgery
        .put("/progress@position", position)
        .put("/progress@loss_images", (long) position)
        .put("/progress@step", step);
  }

  private void assertGoesOnFromTheOlder(InProcess.Outcome outcome, String problem)
      throws IOException {
    assertEquals(0, outcome.exitCode(), outcome.errors());
    assertTrue(outcome.errors().contains("Using an older checkpoint: "), outcome.errors());
    assertTrue(outcome.errors().contains(problem), outcome.errors());
    assertEquals(
        weights(home.resolve("run/checkpoints/ckpt-0003.h5")),
        weights(directory.resolve("run/checkpoints/ckpt-0003.h5")));
  }

  private static String weights(Path checkpoint) {
    try (Hdf5Reader reader = Hdf5Reader.open(checkpoint)) {
      return reader.sha256("/weights/enc1/w") + reader.sha256("/weights/enc1/b");
    }
  }

  @Test
  void aPositionBehindTheLastImageIsDamage() throws IOException {
    Files.delete(directory.resolve("run/checkpoints/ckpt-0003.h5"));
    forge(
        "checkpoints/ckpt-0002.h5",
        "checkpoints/ckpt-0002-00000005.h5",
        forgery -> place(forgery, 61, 5));
    assertGoesOnFromTheOlder(
        execute(stage("train", run())), "/progress@position is 61 of 60 training images");
  }

  @Test
  void aStopWithinAnEpochIsNone() throws IOException {
    forge(
        "checkpoints/ckpt-0003.h5",
        "checkpoints/ckpt-0003-00000008.h5",
        forgery -> place(forgery, 60, 8)); // in its evaluation
    InProcess.Outcome outcome = execute(stage("train", run(), "train.epochs=4"));
    assertEquals(0, outcome.exitCode(), outcome.errors());
    assertTrue(outcome.errors().contains("resumed=ckpt-0003-00000008.h5"), outcome.errors());
  }

  @Test
  void aMissingMomentIsDamageWhereTheOptimiserNeedsIt() throws IOException {
    forge(
        "checkpoints/ckpt-0003.h5",
        "checkpoints/ckpt-0003.h5",
        forgery -> forgery.datasets().keySet().removeIf(path -> path.contains("/second_moment/")));
    assertGoesOnFromTheOlder(execute(stage("train", run())), "lacks /optimizer/second_moment");
  }

  @Test
  void weightsThatAreNoNumbersAreNotEncodedWith() throws IOException {
    forge(
        "checkpoints/ckpt-0003.h5",
        "checkpoints/ckpt-0003.h5",
        f -> f.put("/weights/enc1/b", Part.of(new long[] {2}, Float.NaN, 1)));
    InProcess.Outcome outcome = execute("extract", "--run", run(), "--checkpoint", "ckpt-0003.h5");
    assertEquals(3, outcome.exitCode(), outcome.errors());
    assertTrue(outcome.errors().contains("/weights/enc1/b[0] is NaN"), outcome.errors());
  }

  @Test
  void featuresThatAreNoNumbersAreComputedAnew() throws IOException {
    forge(
        "features.h5",
        "features.h5",
        f -> {
          float[] values = new float[20 * 32];
          values[7] = Float.POSITIVE_INFINITY;
          f.put("/test/features", Part.of(new long[] {20, 32}, values));
        });
    InProcess.Outcome outcome = execute(stage("extract", run()));
    assertEquals(0, outcome.exitCode(), outcome.errors());
    assertTrue(outcome.errors().contains("/test/features[0, 7] is Infinity"), outcome.errors());
  }

  @Test
  void aRunsSheetCallsAForgedFileDamaged() throws IOException {
    forge("svm.h5", "svm.h5", f -> f.put("/model@gamma", Double.NaN));
    forge("checkpoints/ckpt-0002.h5", "checkpoints/ckpt-0002.h5", f -> place(f, -1, 5));
    InProcess.Outcome outcome = execute("inspect", run());
    assertEquals(3, outcome.exitCode());
    assertTrue(outcome.errors().contains("2 of its files are damaged"), outcome.errors());
    assertEquals(3, execute("inspect", run() + "/svm.h5").exitCode());
    assertEquals(3, execute("trace", run() + "/svm.h5").exitCode());
  }

  @Test
  void aClassifierOfOtherFeaturesIsNotAsked() throws IOException {
    forge(
        "svm.h5",
        "svm.h5",
        f -> {
          long rows = f.datasets().get("/model/support").shape().get(0);
          f.put("/model/support", Part.of(new long[] {rows, 1}, new float[(int) rows]));
          f.put("/model/mean", Part.of(new long[] {1}, 0.0));
          f.put("/model/deviation", Part.of(new long[] {1}, 1.0));
        });
    InProcess.Outcome outcome =
        execute("predict", "--run", run(), at("data/test_batch.bin"), "--set", "backend=reference");
    assertEquals(3, outcome.exitCode(), outcome.errors());
    assertTrue(
        outcome.errors().contains("takes 1 features, its encoder gives 32"), outcome.errors());
  }

  @Test
  void keysThatMeanNothingBreakTheTrailInOneLine() throws IOException {
    for (String key : new String[] {"data.height", "data.train-files", "train.limit", "data.dir"}) {
      for (String value : new String[] {"", "-1", "99999999999", "a\u0001b"}) {
        Path file =
            forge(
                "checkpoints/ckpt-0002.h5",
                "checkpoints/ckpt-0003.h5",
                f -> f.put("/configuration@" + key, value));
        assertEquals(3, execute("trace", file.toString()).exitCode(), key + "=" + value);
      }
      forge(
          "checkpoints/ckpt-0002.h5",
          "checkpoints/ckpt-0003.h5",
          f -> f.remove("/configuration@" + key));
      InProcess.Outcome outcome =
          execute(
              "inspect",
              run() + "/checkpoints/ckpt-0003.h5",
              "--images",
              directory.resolve("shown").toString());
      assertEquals(key.equals("train.limit") ? 0 : 3, outcome.exitCode(), key);
    }
  }

  @Test
  void recordsThatLackWhatTheyMustHaveAreNone() throws IOException {
    for (String status :
        new String[] {
          "{}",
          "{\"stage\":null,\"state\":\"done\",\"updated\":\"2026-01-01T00:00:00Z\"}",
          "{\"stage\":\"train\",\"state\":null,\"updated\":\"2026-01-01T00:00:00Z\"}",
          "{\"stage\":\"train\",\"updated\":\"2026-01-01T00:00:00Z\"}",
          "{\"stage\":\"train\",\"state\":\"done\",\"updated\":\"+99999-01-01T00:00:00Z\"}",
          "{\"stage\":\"train\",\"state\":\"done\",\"attempts\":null,\"updated\":\"2026-01-01T00:00:00Z\"}",
          "null"
        }) {
      Files.writeString(directory.resolve("run/status.json"), status);
      Files.writeString(
          directory.resolve("run/attempts.jsonl"), "{\"started\":null}\n{\"attempt\":1}\nnull\n");
      Files.writeString(directory.resolve("run/metrics.jsonl"), "{\"epoch\":-5}\n{}\nnull\n");
      Files.writeString(directory.resolve("run/profile.json"), "{\"operations\":[null]}");
      assertEquals(0, execute("status", run()).exitCode(), status);
      assertEquals(0, execute("inspect", run()).exitCode(), status);
      assertEquals(0, execute("runs", directory.toString()).exitCode(), status);
      String page = directory.resolve("page.html").toString();
      assertEquals(0, execute("report", run(), "-o", page).exitCode(), status);
    }
  }
}
