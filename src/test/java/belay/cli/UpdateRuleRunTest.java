package belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.checkpoint.CheckpointFile;
import belay.error.ExitCode;
import belay.hdf.Hdf5Reader;
import belay.hdf.Sha256;
import belay.net.Slot;
import belay.net.TrainState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs with each update rule, cut between two epochs. */
class UpdateRuleRunTest {
  private static final String NETWORK =
      "input 32x32x3\nmaxpool 8\nconv 2 name=enc1\nrelu\nlatent\nconv 3\nupsample 8\n";

  @TempDir private static Path home;

  @TempDir private Path directory;

  @BeforeAll
  static void makeImages() throws IOException {
    Files.writeString(home.resolve("tiny.net"), NETWORK);
    String data = home.resolve("data").toString();
    assertEquals(0, execute("sample", data, "--train", "60", "--test", "20").exitCode());
  }

  private static InProcess.Outcome execute(String... arguments) {
    InProcess.Outcome outcome = InProcess.execute(arguments);
    assertFalse(outcome.showsTrace(), outcome::errors);
    return outcome;
  }

  private InProcess.Outcome stage(String stage, String run, int epochs, String keys) {
    Stream<String> usual =
        Stream.of(
            "backend=reference",
            "data.dir=" + home.resolve("data"),
            "train.network=" + home.resolve("tiny.net"),
            "train.batch=32",
            "train.schedule=constant",
            "metrics.profile=false",
            "train.warmup-steps=1",
            "train.epochs=" + epochs);
    Stream<String> options =
        Stream.concat(usual, Stream.of(keys.split(" "))).flatMap(key -> Stream.of("--set", key));
    String path = directory.resolve(run).toString();
    return execute(Stream.concat(Stream.of(stage, "--run", path), options).toArray(String[]::new));
  }

  private Path checkpoint(String run, int epoch) {
    return directory.resolve("%s/checkpoints/ckpt-%04d.h5".formatted(run, epoch));
  }

  /** Of everything that the next step depends on. */
  private static Map<String, String> digests(Path file) {
    Map<String, String> digests = new TreeMap<>();
    try (Hdf5Reader reader = Hdf5Reader.open(file)) {
      reader.datasets().stream()
          .filter(path -> path.startsWith("/weights") || path.startsWith("/optimizer"))
          .forEach(path -> digests.put(path, reader.sha256(path)));
    }
    return digests;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train.optimizer=sgd train.nesterov=true train.l1=1e-4",
        "train.optimizer=adamw train.weight-decay=0.01 train.weight-decay-of=kernels",
        "train.optimizer=adagrad train.average=0.5",
        "train.optimizer=rmsprop train.average=0.9 train.weight-decay=0.001",
        "train.optimizer=lars train.learning-rate=1",
        "train.optimizer=muon train.weight-decay=0.01"
      })
  void aRunThatGoesOnEqualsAnUninterruptedOne(String keys) {
    assertEquals(0, stage("train", "whole", 2, keys).exitCode());
    assertEquals(0, stage("train", "cut", 1, keys).exitCode());
    assertEquals(0, stage("train", "cut", 2, keys).exitCode());
    assertEquals(digests(checkpoint("whole", 2)), digests(checkpoint("cut", 2)));
    assertNotEquals(digests(checkpoint("cut", 1)), digests(checkpoint("cut", 2)));
  }

  @Test
  void extractionUsesTheAverageAndTheTrailFindsIt() {
    String keys = "train.average=0.9";
    assertEquals(0, stage("train", "run", 2, keys).exitCode());
    assertEquals(0, stage("extract", "run", 2, keys).exitCode());
    Path features = directory.resolve("run/features.h5");
    Path made;
    try (Hdf5Reader reader = Hdf5Reader.open(features)) {
      String used = reader.text("/", "weights_sha256");
      made =
          directory.resolve(
              "run/checkpoints/" + reader.attributes("/provenance").get("checkpoint"));
      TrainState state = CheckpointFile.read(made).state();
      assertEquals(Sha256.of(state.slot(Slot.AVERAGE)), used);
      assertNotEquals(Sha256.of(state.weights()), used);
    }
    InProcess.Outcome trace = execute("trace", features.toString());
    assertEquals(0, trace.exitCode(), trace.errors());
    InProcess.Outcome sheet = execute("inspect", made.toString());
    assertTrue(sheet.output().contains("average-norm"), sheet.output());
    InProcess.Outcome again = stage("extract", "run", 2, keys);
    assertTrue(again.errors().contains("reused=true"), again.errors());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train.optimizer=sgd: train.optimizer cannot change from adam to sgd",
        "train.optimizer=adagrad: train.optimizer cannot change from adam to adagrad",
        "train.optimizer=rmsprop: train.optimizer cannot change from adam to rmsprop",
        "train.average=0.9: train.average = 0.9: the run has no average"
      })
  void aRunKeepsWhatItKeepsFromStepToStep(String keyAndProblem) {
    String key = keyAndProblem.split(": ", 2)[0];
    String problem = keyAndProblem.split(": ", 2)[1];
    assertEquals(0, stage("train", "run", 1, "train.optimizer=adam").exitCode());
    InProcess.Outcome outcome = stage("train", "run", 2, key);
    assertEquals(ExitCode.USAGE.code(), outcome.exitCode());
    assertTrue(outcome.errors().contains(problem), outcome.errors());
  }

  @Test
  void adamMayBecomeAdamWWithinARun() {
    assertEquals(0, stage("train", "run", 1, "train.optimizer=adam").exitCode());
    assertEquals(0, stage("train", "run", 2, "train.optimizer=adamw").exitCode());
  }
}
