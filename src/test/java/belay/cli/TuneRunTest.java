package belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.Child;
import belay.chaos.RunBits;
import belay.checkpoint.RunDirectory;
import belay.checkpoint.RunStatus;
import belay.data.RealImages;
import belay.error.ExitCode;
import belay.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipe from the first loss to the command, with small networks on real images. */
class TuneRunTest {
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

  private static final int TRIALS = 1 + 3 + 2 + 8 + 6; // at least, if nothing is learnt by heart

  @TempDir private static Path home;

  private static String images;
  private static Map<?, ?> whole; // of the tuning in home/whole
  private static String shown; // by it, for people

  @BeforeAll
  static void tuneOnce() throws IOException {
    images = RealImages.require().toAbsolutePath().toString();
    Files.writeString(home.resolve("classes.net"), NETWORK);
    Files.writeString(
        home.resolve("decoder.net"),
        "input 32x32x3\nmaxpool 8\nconv 2\nrelu\nlatent\nconv 3\nupsample 8\n");
    whole = json(succeed(tuning(home.resolve("whole"))));
    shown = succeed("tune", "--run", home.resolve("whole").toString()).output();
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

  private static Map<?, ?> json(InProcess.Outcome outcome) {
    return Json.read(outcome.output(), Map.class);
  }

  /** Of tune --json, with options that win over the usual keys. */
  private static String[] tuning(Path run, String... more) {
    Stream<String> keys =
        Stream.of(
            "backend=reference",
            "data.dir=" + images,
            "train.network=" + home.resolve("classes.net"),
            "train.limit=300",
            "train.batch=32",
            "train.learning-rate=0.02",
            "train.warmup-steps=5",
            "train.epochs=2",
            "tune.overfit-batches=2",
            "tune.overfit-passes=3",
            "tune.range-steps=60",
            "tune.fine-epochs=2",
            "metrics.profile=false");
    Stream<String> options = keys.flatMap(key -> Stream.of("--set", key));
    Stream<String> first = Stream.of("tune", "--json", "--run", run.toString());
    return Stream.of(first, options, Arrays.stream(more))
        .flatMap(words -> words)
        .toArray(String[]::new);
  }

  private static List<?> steps(Map<?, ?> result) {
    return (List<?>) result.get("steps");
  }

  private static Map<?, ?> step(Map<?, ?> result, String part) {
    return steps(result).stream()
        .map(step -> (Map<?, ?>) step)
        .filter(step -> step.get("part").equals(part))
        .findFirst()
        .orElseThrow();
  }

  private static List<?> trials(Map<?, ?> step) {
    return (List<?>) step.get("trials");
  }

  /** What does not depend on clocks. */
  private static String results(Map<?, ?> result) {
    return Json.page(steps(result)).replaceAll("\"seconds\": [0-9.E-]+", "");
  }

  @Test
  void everyStepHasItsVerdictAndThePageShowsThem() throws IOException {
    String page = Files.readString(home.resolve("whole/tune.html"));
    for (Object step : steps(whole)) {
      String sentence = (String) ((Map<?, ?>) step).get("sentence");
      assertTrue(page.contains(sentence), sentence);
      assertTrue(shown.contains(sentence), shown);
    }
    assertEquals(5, steps(whole).size());
    assertTrue(page.contains("Range test") && page.contains("Coarse grid"));
    String first = (String) step(whole, "INITIAL").get("sentence");
    assertTrue(first.contains("log 10 = 2.303"), first);
    String heart = (String) step(whole, "OVERFIT").get("sentence");
    assertTrue(heart.contains("does not learn 2 minibatches, the same in every pass"), heart);
    String coarse = (String) step(whole, "COARSE").get("sentence");
    assertTrue(
        coarse.contains("Trials of 9 steps favour low rates: set tune.coarse-epochs to 12"),
        coarse);
    assertEquals("DOUBTFUL", step(whole, "COARSE").get("verdict"));
    assertEquals(List.of(3.0, 3.0, 3.0), lastPlaces(step(whole, "OVERFIT")));
    assertTrue(List.of(6, 9).contains(trials(step(whole, "FINE")).size()));
  }

  private static List<Object> lastPlaces(Map<?, ?> step) {
    List<Object> places = new ArrayList<>();
    for (Object trial : trials(step)) {
      List<?> points = (List<?>) ((Map<?, ?>) trial).get("points");
      places.add(((Map<?, ?>) points.get(points.size() - 1)).get("at"));
    }
    return places;
  }

  /** The trials of the fine grid say what a training with the same keys says. */
  @Test
  void theCommandTrainsAsTheTrialsDid() {
    String command = (String) whole.get("command");
    assertTrue(command.startsWith("belay train --run "), command);
    assertTrue(command.contains("--set data.validation=30"), command);
    List<String> words = new ArrayList<>(List.of(command.replace(" \\\n    ", " ").split(" ")));
    words.remove(0);
    Map<?, ?> keys = (Map<?, ?>) whole.get("keys");
    assertTrue(words.contains("train.learning-rate=" + keys.get("train.learning-rate")), command);
    words.addAll(List.of("--set", "train.schedule=constant", "--set", "train.warmup-steps=1"));
    succeed(words.toArray(String[]::new));
    double trained =
        RunBits.last(home.resolve("whole-trained")).progress().history().get(1).validationLoss();
    Map<?, ?> fine = step(whole, "FINE");
    assertTrue(Json.line(trials(fine)).contains("\"loss\":" + trained), () -> "loss " + trained);
    assertTrue(((String) fine.get("sentence")).contains("held-out loss of"), fine.toString());
  }

  @Test
  void whatWasKilledGoesOnAndFindsTheSame() throws Exception {
    Path run = home.resolve("killed");
    Path trials = run.resolve("tune.jsonl");
    for (int lines = 3; lines < TRIALS; lines += 6) {
      try (Child child = Child.start(Main.class, tuning(run))) {
        awaitLines(child, trials, lines);
      } // SIGKILL
    }
    InProcess.Outcome end = succeed(tuning(run));
    assertTrue(end.errors().contains("reused=true"), end.errors());
    assertEquals(results(whole), results(json(end)));
  }

  private static void awaitLines(Child child, Path file, int lines) throws Exception {
    while (child.isAlive() && (Files.notExists(file) || Files.readAllLines(file).size() < lines)) {
      Thread.sleep(5);
    }
  }

  @Test
  void whatIsAskedToStopSaysSoAndGoesOn() throws Exception {
    Path run = home.resolve("stopped");
    try (Child child = Child.start(Main.class, tuning(run))) {
      awaitLines(child, run.resolve("tune.jsonl"), 4);
      child.signal("TERM");
      assertEquals(ExitCode.RESUBMIT.code(), child.exitCode());
    }
    RunStatus status = RunDirectory.open(run).status().orElseThrow();
    assertEquals(RunStatus.State.STOPPED, status.state());
    assertEquals(results(whole), results(json(succeed(tuning(run)))));
  }

  @Test
  void aStepAloneMakesWhatItNeeds() {
    Path run = home.resolve("alone");
    Map<?, ?> rate = json(succeed(tuning(run, "--step", "rate")));
    assertEquals(1, steps(rate).size());
    assertEquals(
        results(rate),
        Json.page(List.of(step(whole, "RATE"))).replaceAll("\"seconds\": [0-9.E-]+", ""));
    assertFalse(((Map<?, ?>) rate.get("keys")).containsKey("train.weight-decay"));
    InProcess.Outcome coarse = succeed(tuning(run, "--step", "coarse"));
    assertEquals(2, steps(json(coarse)).size());
    assertTrue(coarse.errors().contains("trial=range train-loss"), coarse.errors());
  }

  @Test
  void onlyTrialsOfAnotherKeyAreMadeAnew() {
    Path run = home.resolve("other");
    succeed(tuning(run, "--step", "initial"));
    String log = succeed(tuning(run, "--step", "initial", "--set", "train.epochs=9")).errors();
    assertTrue(log.contains("reused=true"), log);
    for (String key : List.of("train.seed=2", "train.beta1=0.8")) {
      log = succeed(tuning(run, "--step", "initial", "--set", key)).errors();
      assertFalse(log.contains("reused=true"), key);
    }
  }

  @Test
  void aNetworkThatReconstructsIsJudgedByTheVarianceOfItsImages() {
    String[] tuning =
        tuning(home.resolve("decoder"), "--set", "train.network=" + home.resolve("decoder.net"));
    Map<?, ?> result = json(succeed(tuning));
    String first = (String) step(result, "INITIAL").get("sentence");
    assertTrue(first.contains("variance of the images"), first);
    assertTrue(((String) result.get("command")).contains("train.learning-rate="));
  }

  @Test
  void aDirectoryThatHoldsATrainingIsLeftAlone() {
    Path run = home.resolve("trained");
    String[] training = tuning(run);
    training[0] = "train";
    List<String> words = new ArrayList<>(List.of(training));
    words.remove("--json");
    succeed(words.toArray(String[]::new));
    InProcess.Outcome outcome = execute(tuning(run));
    assertEquals(ExitCode.USAGE.code(), outcome.exitCode());
    assertTrue(outcome.errors().contains("use another --run"), outcome.errors());
    assertTrue(Files.notExists(run.resolve("tune.jsonl")));
  }
}
