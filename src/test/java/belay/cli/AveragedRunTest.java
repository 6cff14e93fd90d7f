package belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.chaos.RunBits;
import belay.checkpoint.Checkpoint;
import belay.error.ExitCode;
import belay.hdf.Hdf5Reader;
import belay.hdf.Sha256;
import belay.json.Json;
import belay.net.Slot;
import belay.train.EpochResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs that average the weights of their last epochs. */
class AveragedRunTest {
  private static final String NETWORK =
      """
      input 32x32x3
      maxpool 4
      conv 6 bias=no
      batchnorm
      relu
      globalaveragepool
      latent
      linear 10
      logits
      """;

  @TempDir private static Path home;

  @TempDir private Path directory;

  @BeforeAll
  static void makeImages() throws IOException {
    Files.writeString(home.resolve("classes.net"), NETWORK);
    String data = home.resolve("data").toString();
    assertEquals(0, execute("sample", data, "--train", "90", "--test", "40").exitCode());
  }

  private static InProcess.Outcome execute(String... arguments) {
    InProcess.Outcome outcome = InProcess.execute(arguments);
    assertFalse(outcome.showsTrace(), outcome::errors);
    return outcome;
  }

  private InProcess.Outcome train(String run, String... keys) {
    Stream<String> usual =
        Stream.of(
            "backend=reference",
            "data.dir=" + home.resolve("data"),
            "data.validation=20",
            "train.network=" + home.resolve("classes.net"),
            "train.learning-rate=0.02",
            "train.schedule=constant",
            "train.warmup-steps=1",
            "train.batch=16",
            "train.epochs=4",
            "train.swa-epochs=2",
            "metrics.profile=false");
    Stream<String> options =
        Stream.concat(usual, Arrays.stream(keys)).flatMap(key -> Stream.of("--set", key));
    String path = directory.resolve(run).toString();
    return execute(
        Stream.concat(Stream.of("train", "--run", path), options).toArray(String[]::new));
  }

  private Checkpoint last(String run) {
    return RunBits.last(directory.resolve(run));
  }

  @Test
  void aRunThatGoesOnEqualsAnUninterruptedOne() throws IOException {
    assertEquals(0, train("whole").exitCode());
    assertEquals(0, train("cut").exitCode());
    for (int epoch = 3; epoch <= 4; epoch++) {
      Files.delete(directory.resolve("cut/checkpoints/ckpt-%04d.h5".formatted(epoch)));
      InProcess.Outcome resumed = train("cut");
      assertEquals(0, resumed.exitCode(), resumed.errors());
      RunBits.assertSameTraining(last("whole"), directory.resolve("cut"));
      assertEquals(
          Sha256.of(last("whole").state().slot(Slot.AVERAGE)),
          Sha256.of(last("cut").state().slot(Slot.AVERAGE)));
    }
  }

  /** Which the weights of the same training without an average do not reach. */
  @Test
  void evaluationAndExtractionUseTheMean() {
    assertEquals(0, train("run").exitCode());
    Checkpoint newest = last("run");
    EpochResult best = newest.progress().history().get(newest.progress().bestEpoch() - 1);
    String run = directory.resolve("run").toString();
    InProcess.Outcome judged = execute("evaluate", run, "--images", "validation", "--json");
    Map<?, ?> said = Json.read(judged.output(), Map.class);
    assertEquals(best.validationAccuracy(), said.get("accuracy"));
    assertEquals(best.validationLoss(), (double) said.get("loss"), 1e-6);
    assertEquals(0, execute("extract", "--run", run).exitCode());
    try (Hdf5Reader features = Hdf5Reader.open(directory.resolve("run/features.h5"))) {
      assertNotEquals(Sha256.of(newest.state().weights()), features.text("/", "weights_sha256"));
    }
    assertEquals(0, train("plain", "train.swa-epochs=0").exitCode());
    EpochResult third = last("plain").progress().history().get(3);
    EpochResult averaged = newest.progress().history().get(3);
    assertEquals(third.trainLoss(), averaged.trainLoss());
    assertNotEquals(third.validationLoss(), averaged.validationLoss());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train.average=0.9 | are two averages of the weights",
        "train.patience-epochs=2 | nobody knows where train.patience-epochs may end",
        "train.stop-at-target=true | nobody knows where train.stop-at-target may end"
      })
  void whatContradictsItIsRefused(String key, String problem) {
    InProcess.Outcome outcome = train("run", key);
    assertEquals(ExitCode.USAGE.code(), outcome.exitCode(), outcome.errors());
    assertTrue(outcome.errors().contains(problem), outcome.errors());
  }

  @Test
  void itCannotBeginWithinARun() {
    assertEquals(0, train("run", "train.swa-epochs=0", "train.epochs=1").exitCode());
    InProcess.Outcome outcome = train("run");
    assertEquals(ExitCode.USAGE.code(), outcome.exitCode(), outcome.errors());
    assertTrue(
        outcome.errors().contains("train.swa-epochs = 2: the run has no average"),
        outcome.errors());
  }
}
