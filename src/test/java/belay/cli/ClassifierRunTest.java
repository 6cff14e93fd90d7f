package belay.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.chaos.RunBits;
import belay.checkpoint.Checkpoint;
import belay.error.ExitCode;
import belay.hdf.Hdf5Reader;
import belay.json.Json;
import belay.train.EpochResult;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks with logits, from training to what is said of their images. */
class ClassifierRunTest {
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
    Files.writeString(home.resolve("seven.net"), NETWORK.replace("linear 10", "linear 7"));
    Files.writeString(
        home.resolve("decoder.net"),
        "input 32x32x3\nmaxpool 8\nconv 2\nrelu\nlatent\nconv 3\nupsample 8\n");
    String data = home.resolve("data").toString();
    assertEquals(0, execute("sample", data, "--train", "90", "--test", "40").exitCode());
  }

  private static InProcess.Outcome execute(String... arguments) {
    InProcess.Outcome outcome = InProcess.execute(arguments);
    assertFalse(outcome.showsTrace(), outcome::errors);
    return outcome;
  }

  private static InProcess.Outcome succeed(String... arguments) {
    InProcess.Outcome outcome = execute(arguments);
    assertEquals(0, outcome.exitCode(), outcome::errors);
    return outcome;
  }

  private String run(String name) {
    return directory.resolve(name).toString();
  }

  /** Of train, with keys that win over the usual ones. */
  private String[] training(String run, String... keys) {
    Stream<String> usual =
        Stream.of(
            "backend=reference",
            "data.dir=" + home.resolve("data"),
            "train.network=" + home.resolve("classes.net"),
            "train.label-smoothing=0.1",
            "train.learning-rate=0.02",
            "train.schedule=constant",
            "train.warmup-steps=1",
            "train.batch=16",
            "train.epochs=3",
            "metrics.profile=false");
    Stream<String> options =
        Stream.concat(usual, Arrays.stream(keys)).flatMap(key -> Stream.of("--set", key));
    return Stream.concat(Stream.of("train", "--run", run(run)), options).toArray(String[]::new);
  }

  private Checkpoint last(String run) {
    return RunBits.last(directory.resolve(run));
  }

  private static Map<?, ?> json(InProcess.Outcome outcome) {
    return Json.read(outcome.output(), Map.class);
  }

  @Test
  void aRunThatGoesOnEqualsAnUninterruptedOne() {
    String[] keys = {"data.validation=20", "train.mirror=random", "train.crop=4", "train.cutout=8"};
    succeed(training("whole", keys));
    succeed(
        training(
            "cut",
            Stream.of("train.epochs=1", keys[0], keys[1], keys[2], keys[3])
                .toArray(String[]::new)));
    succeed(training("cut", keys));
    RunBits.assertSameTraining(last("whole"), directory.resolve("cut"));
    List<EpochResult> history = last("whole").progress().history();
    assertTrue(history.get(2).trainLoss() < history.get(0).trainLoss());
    assertEquals(70, last("whole").state().tally().images());
  }

  /** Partners are none of those held out, and the same after a resume. */
  @Test
  void aRunOnMixturesThatGoesOnEqualsAnUninterruptedOne() {
    List<String> keys =
        List.of(
            "data.validation=20",
            "train.scale-from=0.5",
            "train.brightness=0.2",
            "train.hue=0.1",
            "train.mixup=0.2",
            "train.cutmix=1");
    succeed(training("whole", keys.toArray(String[]::new)));
    succeed(
        training(
            "cut",
            Stream.concat(keys.stream(), Stream.of("train.epochs=1")).toArray(String[]::new)));
    succeed(training("cut", keys.toArray(String[]::new)));
    RunBits.assertSameTraining(last("whole"), directory.resolve("cut"));
  }

  @Test
  void evaluationSaysWhatTheEpochSaid() {
    succeed(training("run", "data.validation=20"));
    Checkpoint newest = last("run");
    EpochResult best = newest.progress().history().get(newest.progress().bestEpoch() - 1);
    Map<?, ?> heldOut = json(succeed("evaluate", run("run"), "--images", "validation", "--json"));
    assertEquals(best.validationAccuracy(), heldOut.get("accuracy"));
    assertEquals(20.0, heldOut.get("images"));

    Map<?, ?> test = json(succeed("evaluate", run("run"), "--json"));
    Map<?, ?> predicted =
        json(
            succeed(
                "predict",
                "--json",
                "--run",
                run("run"),
                home.resolve("data/test_batch.bin").toString()));
    assertEquals(predicted.get("right"), test.get("right"));
    String text = succeed("evaluate", run("run")).output();
    assertTrue(text.contains("(%.0f of 40)".formatted((double) test.get("right"))), text);
  }

  @Test
  void withoutHeldOutImagesTheLastEpochCountsAndTestImagesJudgeIt() {
    succeed(training("run"));
    Checkpoint newest = last("run");
    assertEquals(3, newest.progress().bestEpoch());
    EpochResult result = newest.progress().history().get(2);
    assertEquals(
        result.testAccuracy(), json(succeed("evaluate", run("run"), "--json")).get("accuracy"));
    InProcess.Outcome none = execute("evaluate", run("run"), "--images", "validation");
    assertEquals(ExitCode.USAGE.code(), none.exitCode());
    assertTrue(none.errors().contains("data.validation = 0"), none.errors());
  }

  @Test
  void equalRunsVoteAsOneAndOthersDoNot() {
    succeed(training("one"));
    succeed(training("other", "train.seed=2"));
    Object alone = json(succeed("evaluate", run("one"), "--json")).get("loss");
    Object twice = json(succeed("evaluate", run("one"), run("one"), "--json")).get("loss");
    Object both = json(succeed("evaluate", run("one"), run("other"), "--json")).get("loss");
    assertEquals(alone, twice);
    assertNotEquals(alone, both);
  }

  @Test
  void aContactSheetShowsTheViewsOfEpochs() throws IOException {
    succeed(
        training(
            "run",
            "train.crop=4",
            "train.crop-border=zero",
            "data.validation=20",
            "train.cutmix=1"));
    String shown = run("shown");
    succeed("inspect", run("run"), "--images", shown, "--augmented", "3");
    BufferedImage sheet = ImageIO.read(Path.of(shown, "augmented.png").toFile());
    assertEquals(2 * (9 * 32 + 8 * 2), sheet.getWidth());
    assertEquals(2 * (3 * 32 + 2 * 2), sheet.getHeight());
    assertFalse(Files.exists(Path.of(shown, "reconstructions.png")));
    InProcess.Outcome nowhere = execute("inspect", run("run"), "--augmented", "3");
    assertEquals(ExitCode.USAGE.code(), nowhere.exitCode());
    assertTrue(nowhere.errors().contains("--images DIR"), nowhere.errors());
  }

  /**
   * Another head: its kernel and bias are new, all else is as the other run's best epoch left it.
   */
  @Test
  void aRunMayStartFromAnother() throws IOException {
    succeed(training("before"));
    Files.writeString(
        directory.resolve("head.net"), NETWORK.replace("linear 10", "linear 10 name=head"));
    String[] keys = {
      "train.network=" + directory.resolve("head.net"),
      "train.start=" + run("before"),
      "train.learning-rate=1e-12",
      "train.epochs=1"
    };
    String log = succeed(training("after", keys)).errors();
    assertTrue(log.contains("taken=5 new=\"head/w head/b\" of-another-shape=\"\""), log);
    float[] before = last("before").state().weights();
    float[] after = last("after").state().weights();
    int conv = 6 * 3 * 9;
    assertArrayEquals(Arrays.copyOf(before, conv), Arrays.copyOf(after, conv), 1e-6f);
    assertFalse(Arrays.equals(before, conv + 12, conv + 72, after, conv + 12, conv + 72));
    keys[1] = "train.start=";
    InProcess.Outcome other = execute(training("after", keys));
    assertEquals(ExitCode.USAGE.code(), other.exitCode(), other.errors());
    succeed("train", "--run", run("after"), "--set", "train.epochs=2");
  }

  @Test
  void aStartThatFitsNowhereIsRefused() {
    succeed(training("before", "train.epochs=1"));
    InProcess.Outcome outcome =
        execute(
            training(
                "after",
                "train.network=" + home.resolve("decoder.net"),
                "train.start=" + run("before")));
    assertEquals(ExitCode.USAGE.code(), outcome.exitCode(), outcome.errors());
    assertTrue(outcome.errors().contains("none of its 7 tensors"), outcome.errors());
  }

  @Test
  void viewsOfTheTestImagesVoteToo() {
    succeed(training("run"));
    Object alone = json(succeed("evaluate", run("run"), "--json")).get("loss");
    Object mirrored =
        json(succeed("evaluate", run("run"), "--json", "--views", "mirror")).get("loss");
    assertNotEquals(alone, mirrored);
    InProcess.Outcome wrong = execute("evaluate", run("run"), "--views", "mirrors");
    assertEquals(ExitCode.USAGE.code(), wrong.exitCode());
  }

  @Test
  void itsFeaturesAreExtractedAndClassifiedToo() {
    succeed(training("run", "data.validation=20", "train.limit=80"));
    succeed("extract", "--run", run("run"));
    succeed("classify", "--run", run("run"));
    String images = home.resolve("data/test_batch.bin").toString();
    String network = succeed("predict", "--csv", "--run", run("run"), images).output();
    String svm = succeed("predict", "--csv", "--model", run("run"), images).output();
    assertEquals(41, network.lines().count());
    try (Hdf5Reader features = Hdf5Reader.open(directory.resolve("run/features.h5"))) {
      assertEquals(60L, features.shape("/train/features").get(0)); // without those held out
    }
    assertEquals(41, svm.lines().count());
    assertNotEquals(network, svm);
    String trail = succeed("trace", directory.resolve("run/svm.h5").toString()).output();
    assertTrue(trail.contains("images"), trail);
  }

  @Test
  void filesTellOfTheImagesThatJudged() throws IOException {
    succeed(training("run", "data.validation=20"));
    try (Hdf5Reader reader = Hdf5Reader.open(directory.resolve("run/checkpoints/ckpt-0003.h5"))) {
      Set<String> datasets = Set.copyOf(reader.datasets());
      assertTrue(datasets.contains("/metrics/validation_accuracy"), datasets::toString);
      assertFalse(datasets.contains("/metrics/test_loss"), datasets::toString);
    }
    String table =
        succeed(
                "runs",
                directory.toString(),
                "--columns",
                "run,best-epoch,test-loss,validation-loss",
                "--csv")
            .output();
    assertTrue(table.matches("(?s).*\nrun,[123],,[0-9.]+\\s*"), table);
    String usual = succeed("runs", directory.toString()).output();
    assertTrue(usual.contains("validation-loss") && usual.contains("validation-accuracy"), usual);
    assertFalse(usual.contains("test-accuracy"), usual);
    Path page = directory.resolve("page.html");
    succeed("report", run("run"), "-o", page.toString());
    String report = Files.readString(page);
    assertTrue(report.contains("Validation accuracy") && report.contains("cross-entropy"));
    assertFalse(report.contains("Reconstructions after"));
    assertTrue(succeed("inspect", run("run")).output().contains("validation-accuracy"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train.patience-epochs=2 | train.patience-epochs must not choose by test images",
        "train.target-loss=0.5 | train.target-loss must not choose by test images",
        "train.crop=32 | train.crop = 32 and train.cutout = 0 must be less than the images' 32 pixels",
        "train.noise=0.1 | train.noise and train.mask want a network that reconstructs",
        "train.mask=0.5 | train.noise and train.mask want a network that reconstructs",
        "train.freeze=conv9/* | No parameter of the network",
        "train.freeze=* | train.freeze leaves no parameter to train",
        "data.validation=90 | leaves none of the 90 training images",
        "train.network=HOME/seven.net | The images have 10 classes, but the network seven scores 7"
      })
  void whatCannotBeIsRefused(String key, String problem) {
    InProcess.Outcome outcome = execute(training("run", key.replace("HOME", home.toString())));
    assertEquals(ExitCode.USAGE.code(), outcome.exitCode(), outcome.errors());
    assertTrue(outcome.errors().contains(problem), outcome.errors());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train.cutout=8 | train.cutout wants a network with logits",
        "train.mixup=0.2 | train.mixup and train.cutmix want a network with logits",
        "train.cutmix=1 | train.mixup and train.cutmix want a network with logits"
      })
  void whatANetworkThatReconstructsCannotLearnFromIsRefused(String key, String problem) {
    String network = "train.network=" + home.resolve("decoder.net");
    InProcess.Outcome outcome = execute(training("run", network, key));
    assertEquals(ExitCode.USAGE.code(), outcome.exitCode(), outcome.errors());
    assertTrue(outcome.errors().contains(problem), outcome.errors());
  }

  @Test
  void aNetworkThatReconstructsIsNotEvaluated() {
    succeed(training("run", "train.network=" + home.resolve("decoder.net")));
    InProcess.Outcome outcome = execute("evaluate", run("run"));
    assertEquals(ExitCode.USAGE.code(), outcome.exitCode());
    assertTrue(
        outcome.errors().contains("reconstructs images and knows no classes"), outcome.errors());
  }

  /** What one held out may have trained the other. */
  @Test
  void runsThatHeldOutOtherImagesAreNotJudgedByThose() {
    succeed(training("one", "data.validation=20", "train.epochs=1"));
    succeed(training("two", "data.validation=20", "train.epochs=1", "train.seed=2"));
    String[] both = {"evaluate", run("one"), run("two"), "--images", "validation"};
    InProcess.Outcome outcome = execute(both);
    assertEquals(ExitCode.USAGE.code(), outcome.exitCode());
    assertTrue(outcome.errors().contains("held out others"), outcome.errors());
    succeed("evaluate", run("one"), run("two"));
  }

  @Test
  void extractionKeepsApartWhatTheTrainingHeldOut() {
    succeed(training("run", "data.validation=20", "train.epochs=1"));
    succeed("extract", "--run", run("run"), "--set", "train.seed=2");
    succeed("trace", directory.resolve("run/features.h5").toString());
    InProcess.Outcome outcome = execute("extract", "--run", run("run"), "--set", "train.limit=50");
    assertEquals(ExitCode.USAGE.code(), outcome.exitCode());
    assertTrue(outcome.errors().contains("train.limit = 50 cannot change"), outcome.errors());
  }

  @Test
  void otherImagesHeldOutAreAnotherRun() {
    succeed(training("run", "data.validation=20", "train.epochs=1"));
    InProcess.Outcome outcome = execute(training("run", "data.validation=21"));
    assertEquals(ExitCode.USAGE.code(), outcome.exitCode());
    assertTrue(
        outcome.errors().contains("data.validation = 21; use another --run"), outcome.errors());
  }
}
