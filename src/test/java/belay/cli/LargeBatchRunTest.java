package belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.chaos.RunBits;
import belay.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rates that are given for another number of images a step. */
class LargeBatchRunTest {
  private static final String NETWORK =
      "input 32x32x3\nmaxpool 8\nlatent\nlinear $classes\nlogits\n";

  @TempDir private static Path home;

  @TempDir private Path directory;

  @BeforeAll
  static void makeImages() throws IOException {
    Files.writeString(home.resolve("tiny.net"), NETWORK);
    String data = home.resolve("data").toString();
    assertEquals(0, execute("sample", data, "--train", "64", "--test", "20").exitCode());
  }

  private static InProcess.Outcome execute(String... arguments) {
    InProcess.Outcome outcome = InProcess.execute(arguments);
    assertFalse(outcome.showsTrace(), outcome::errors);
    return outcome;
  }

  private InProcess.Outcome train(String run, String keys) {
    Stream<String> usual =
        Stream.of(
            "backend=reference",
            "data.dir=" + home.resolve("data"),
            "train.network=" + home.resolve("tiny.net"),
            "train.optimizer=sgd",
            "train.batch=32",
            "train.epochs=3",
            "train.schedule=constant",
            "metrics.profile=false");
    Stream<String> options =
        Stream.concat(usual, Stream.of(keys.split(" "))).flatMap(key -> Stream.of("--set", key));
    String path = directory.resolve(run).toString();
    return execute(
        Stream.concat(Stream.of("train", "--run", path), options).toArray(String[]::new));
  }

  private Checkpoint last(String run) {
    return RunBits.last(directory.resolve(run));
  }

  /** 32 images are 4 times 8, and an epoch and a half has 3 steps of 2 an epoch. */
  @Test
  void theRateGrowsWithTheMinibatchAndTheWarmUpCountsEpochs() {
    InProcess.Outcome scaled =
        train(
            "scaled",
            "train.learning-rate=0.01 train.learning-rate-per=8 train.warmup-epochs=1.5"
                + " log.mlperf=true");
    assertEquals(0, scaled.exitCode(), scaled.errors());
    assertTrue(
        scaled.errors().contains("peak-learning-rate=0.0400000 batch=32 warmup-steps=3"),
        scaled.errors());
    assertEquals(0, train("plain", "train.learning-rate=0.04 train.warmup-steps=3").exitCode());
    RunBits.assertSameTraining(last("plain"), directory.resolve("scaled"));
    assertEquals("0.04", last("scaled").provenance().get("peak-learning-rate"));
    assertFalse(last("plain").provenance().containsKey("peak-learning-rate"));
    assertEquals(0.04, last("scaled").progress().history().get(2).learningRate());
  }

  @Test
  void whatEvaluatesRunsIsToldTheRateOfTheSteps() throws IOException {
    train("run", "train.learning-rate=0.01 train.learning-rate-per=8 log.mlperf=true");
    String log = Files.readString(directory.resolve("run/mllog.txt"));
    assertTrue(log.contains("\"opt_base_learning_rate\",\"value\":0.04"), log);
  }

  @Test
  void aWarmUpThatOutlastsTheRunIsAWarning() {
    String log = train("run", "train.warmup-epochs=3").errors();
    assertTrue(log.contains("train.warmup-epochs = 3.0 outlasts the run's 6 steps"), log);
  }
}
