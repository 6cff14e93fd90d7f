package belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.checkpoint.Attempt;
import belay.checkpoint.RunDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run directory says of a run is true, whatever was tried on it. */
class RecordIT {
  private static final Pattern COMMANDS =
      Pattern.compile("class=\"repeat\">.*?<pre[^>]*>(.*?)</pre>", Pattern.DOTALL);

  @TempDir private static Path directory;

  /**
   * A run that is complete, and one whose training went on with other keys after its classifier.
   */
  @BeforeAll
  static void makeRuns() throws Exception {
    run(0, "sample", "data", "--train", "300", "--test", "60");
    run(0, "sample", "other", "--train", "300", "--test", "60", "--seed", "2");
    run(0, command("pipeline", "complete", "train.epochs=4", "train.batch=32"));
    run(0, command("train", "longer", "train.epochs=4", "train.batch=32"));
    run(3, "classify", "--run", "longer");
    run(0, "extract", "--run", "longer");
    run(0, "classify", "--run", "longer", "--set", "svm.c=3");
    run(0, "train", "--run", "longer", "--set", "train.epochs=6", "--set", "train.batch=64");
    run(3, "extract", "--run", "longer", "--set", "data.dir=nowhere");
    run(0, command("pipeline", "pruned", "train.epochs=2", "checkpoint.keep=2"));
    run(0, "train", "--run", "pruned", "--set", "train.epochs=7");
  }

  private static String[] command(String stage, String run, String... keys) {
    List<String> words = new ArrayList<>(List.of(stage, "--run", run, "--conf", "demo"));
    words.addAll(List.of("--backend", "cpu", "--set", "data.dir=data"));
    for (String key : keys) {
      words.addAll(List.of("--set", key));
    }
    return words.toArray(String[]::new);
  }

  private static String run(int exitCode, String... words) throws Exception {
    Jar jar = Jar.run(directory, words);
    assertEquals(exitCode, jar.exitCode(), String.join(" ", words) + "\n" + jar.output());
    assertFalse(jar.output().contains("\tat "), jar.output());
    return jar.output();
  }

  private static Path file(String name) {
    return directory.resolve(name);
  }

  /** A copy to do something to. */
  private static String copy(String run, String name) throws IOException {
    Files.walkFileTree(
        file(run),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path from, BasicFileAttributes facts)
              throws IOException {
            Files.createDirectories(file(name).resolve(file(run).relativize(from)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path from, BasicFileAttributes facts)
              throws IOException {
            Files.copy(from, file(name).resolve(file(run).relativize(from)));
            return FileVisitResult.CONTINUE;
          }
        });
    return name;
  }

  /** What the run directory says of the run, without the log and who owns it. */
  private static Map<String, String> record(String run) throws IOException {
    Map<String, String> record = new TreeMap<>();
    for (String name :
        List.of("status.json", "attempts.jsonl", "run.properties", "metrics.jsonl")) {
      record.put(name, Files.readString(file(run).resolve(name)));
    }
    return record;
  }

  private static String column(String run, String column) throws Exception {
    String csv = run(0, "runs", run, "--csv", "--columns", column);
    return csv.lines().skip(1).findFirst().orElseThrow();
  }

  static Stream<List<String>> mistakes() {
    return Stream.of(
        List.of("3", "train", "--set", "data.dir=nowhere"),
        List.of("2", "train", "--set", "data.dir=other"),
        List.of("2", "train", "--set", "train.network=autoencoder"),
        List.of("2", "train", "--set", "train.batch=256", "--set", "train.seed=7"),
        List.of("2", "train", "--set", "train.epochs=3"),
        List.of("2", "train", "--conf", "quick", "--set", "train.limit=0"),
        List.of("4", "train", "--set", "train.epochs=6", "--set", "train.precision=fp16"),
        List.of("3", "extract", "--checkpoint", "ckpt-0099.h5"),
        List.of("3", "extract", "--set", "data.dir=nowhere"),
        List.of("2", "pipeline", "--set", "train.batch=256"),
        List.of("2", "classify", "--set", "svm.c=0"),
        List.of("2", "classify", "--set", "svm.class-weights=1,2"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeOnACompleteRunChangesNothingThatIsRecorded(List<String> mistake) throws Exception {
    Map<String, String> before = record("complete");
    List<String> words = new ArrayList<>(mistake.subList(1, mistake.size()));
    words.addAll(1, List.of("--run", "complete"));
    String output = run(Integer.parseInt(mistake.get(0)), words.toArray(String[]::new));
    assertEquals(1, output.lines().filter(line -> line.contains(" ERROR ")).count(), output);
    assertEquals(before, record("complete"));
  }

  @Test
  void tooSmallAHeapIsNoAttempt() throws Exception {
    Map<String, String> before = record("complete");
    Jar small =
        Jar.runWith(
            directory,
            List.of("-Xmx12m"),
            "classify",
            "--run",
            "complete",
            "--set",
            "svm.memory-mib=16",
            "--set",
            "svm.c=5");
    assertEquals(4, small.exitCode(), small.output());
    assertEquals(before, record("complete"));
  }

  @Test
  void keysThatCannotBeObeyedAreNamedTogether() throws Exception {
    String output =
        run(
            2,
            "train",
            "--run",
            "complete",
            "--set",
            "train.batch=256",
            "--set",
            "train.seed=7",
            "--set",
            "svm.c=9");
    String expected =
        "complete cannot obey train.seed = 7 (--set; the run has 1), train.batch = 256 (--set; the"
            + " run has 32) any more, as the training is complete: set what the run has, or use another --run";
    assertTrue(output.contains(expected), output);
  }

  @Test
  void theSeedOfWeightsThatAreThereIsRefusedWhileTrainingGoesOnToo() throws Exception {
    String run = copy("complete", "seed");
    String[] other = {"train", "--run", run, "--set", "train.epochs=9", "--set", "train.seed=7"};
    assertTrue(run(2, other).contains("train.seed = 7 (--set; the run has 1)"));
    assertEquals("4", column(run, "train.epochs"));
  }

  @Test
  void aCompleteStageIsNoAttemptAndRemembersNothing() throws Exception {
    Map<String, String> before = record("complete");
    String output = run(0, "train", "--run", "complete", "--set", "svm.c=9");
    assertTrue(output.contains("forgotten=svm.c value=9"), output);
    run(0, "extract", "--run", "complete");
    run(0, "classify", "--run", "complete");
    run(0, "pipeline", "--run", "complete");
    assertEquals(before, record("complete"));
    assertTrue(run(0, "status", "complete").matches("(?s).* classify +done +4/4 .*"));
  }

  @Test
  void whereTheImagesAreNowIsRemembered() throws Exception {
    String run = copy("complete", "moved");
    Files.createSymbolicLink(file("elsewhere"), file("data"));
    run(0, "train", "--run", run, "--set", "data.dir=elsewhere");
    assertEquals(file("elsewhere").toString(), column(run, "data.dir"));
  }

  /** Older versions remembered keys that nothing was made with. */
  @Test
  void whatNoFileWasMadeWithCanBeSetRight() throws Exception {
    String run = copy("complete", "wrong");
    Path properties = file(run).resolve("run.properties");
    Files.writeString(
        properties, Files.readString(properties).replace("train.batch = 32", "train.batch = 77"));
    run(0, "train", "--run", run);
    assertTrue(commands(run).contains("--set train.batch=32"), commands(run));
    assertFalse(page(run).contains("<td>77</td>"));
    run(0, "train", "--run", run, "--set", "train.batch=32");
    assertEquals("32", column(run, "train.batch"));
    Files.delete(properties);
    run(0, command("train", run, "train.epochs=4", "train.batch=32"));
    assertEquals("32,4,1", column(run, "train.batch,train.epochs,train.seed"));
  }

  @Test
  void trainingThatIsEndedEarlyIsComplete() throws Exception {
    String run = copy("complete", "ended");
    Files.writeString(
        file(run).resolve("run.properties"),
        Files.readString(file(run).resolve("run.properties"))
            .replace("train.epochs = 4", "train.epochs = 9"));
    assertTrue(run(3, "extract", "--run", run).contains("4 of 9 epochs"));
    String[] end = {"train", "--run", run, "--set", "train.epochs=4", "--set", "train.batch=8"};
    assertTrue(run(2, end).contains("train.batch = 8"));
    run(0, "train", "--run", run, "--set", "train.epochs=4");
    run(0, "extract", "--run", run);
  }

  @Test
  void aLaterStageSaysThatAKeyOfTheTrainingChangesNothing() throws Exception {
    String run = copy("complete", "late");
    String output = run(0, "classify", "--run", run, "--set", "train.batch=8", "--set", "svm.c=7");
    assertTrue(
        output.contains(
            "train.batch = 8 (--set) changes nothing here: the run was trained with 32"),
        output);
    assertEquals("7,32", column(run, "svm.c,train.batch"));
    assertTrue(run(0, "classify", "--run", run).contains("reused=true"));
    String sheet = run(0, "inspect", run + "/svm.h5");
    assertTrue(sheet.matches("(?s).*train.batch +32\n.*"), sheet);
  }

  @Test
  void whatMadeTheClassifierIsShownWhateverWasRememberedSince() throws Exception {
    String run = copy("longer", "remembered");
    run(0, "train", "--run", run, "--set", "train.epochs=7", "--set", "svm.c=11");
    assertEquals("3", column(run, "svm.c"));
  }

  @Test
  void keysThatWereChangedShowEachValueEverywhere() throws Exception {
    String changed = "32, then 64 after epoch 4";
    assertEquals("\"" + changed + "\"", column("longer", "train.batch"));
    assertTrue(run(0, "inspect", "longer").contains("train.batch   " + changed));
    assertTrue(
        run(0, "inspect", "longer/checkpoints/ckpt-0006.h5").contains("train.batch   " + changed));
    assertFalse(run(0, "inspect", "longer/checkpoints/ckpt-0004.h5").contains(changed));
    assertTrue(page("longer").contains("<td>" + changed + "</td>"));
    String again = copy("longer", "again-changed");
    run(0, "train", "--run", again, "--set", "train.epochs=7", "--set", "train.batch=16");
    assertEquals("\"" + changed + ", then 16 after epoch 6\"", column(again, "train.batch"));
  }

  @Test
  void anAccuracyOfAnotherCheckpointIsMarked() throws Exception {
    String origin = "of ckpt-0004.h5";
    assertEquals("6,4", column("longer", "epoch,accuracy-epoch"));
    String table = run(0, "runs", "longer");
    assertTrue(table.contains("accuracy is " + origin + ", test-loss of epoch 6"), table);
    String sheet = run(0, "inspect", "longer");
    assertEquals(2, sheet.lines().filter(line -> line.contains(origin + ", not of")).count());
    String page = page("longer");
    assertTrue(page.contains("images, features " + origin), "the figure");
    assertTrue(page.contains("features " + origin + ", the loss is of epoch 6"), "the note");
    assertEquals(2, Pattern.compile(">outdated<").matcher(page).results().count());
    assertFalse(run(0, "runs", "complete").contains("accuracy is"));
    assertFalse(page("complete").contains(">outdated<"));
  }

  @Test
  void theStateFollowsFromTheFiles() throws Exception {
    String run = copy("complete", "state");
    Path status = file(run).resolve("status.json");
    String done = Files.readString(status);
    for (String word : List.of("failed", "stopped", "running")) { // as older versions left it
      Files.writeString(status, done.replace("\"done\"", "\"" + word + "\""));
      assertEquals("done", column(run, "state"), word);
      assertTrue(run(0, "status", run).contains(" done "), word);
    }
    assertTrue(page(run).contains("<span class=\"badge done\">done</span>"));
    Files.delete(file(run).resolve("svm.h5"));
    assertEquals("killed", column(run, "state")); // "running", and nobody is
    Files.writeString(status, done);
    assertEquals("stopped", column(run, "state"));
    Files.writeString(status, done.replace("\"done\"", "\"failed\""));
    assertEquals("failed", column(run, "state"));
  }

  /** The page's own commands, given to a shell, make the same bits. */
  @ParameterizedTest
  @CsvSource({"complete, ckpt-0004.h5", "longer, ckpt-0006.h5", "pruned, ckpt-0007.h5"})
  void theCommandsOfThePageRepeatTheRun(String run, String newest) throws Exception {
    String commands = commands(run);
    Path shell = Files.createDirectories(file("shell-" + run));
    Files.createSymbolicLink(shell.resolve("belay.jar"), Jar.PATH);
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-e", "-c", commands)
            .directory(shell.toFile())
            .redirectErrorStream(true);
    String java = Path.of(System.getProperty("java.home"), "bin").toString();
    builder.environment().merge("PATH", java, (path, first) -> first + ":" + path);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), commands + "\n" + output);
    Path again = shell.resolve(run + "-again");
    for (String file : List.of("checkpoints/" + newest, "features.h5", "svm.h5")) {
      String other = again.resolve(file).toString();
      String sheet = run(0, "inspect", run + "/" + file, "--diff", other);
      assertTrue(sheet.contains("all  ") && sheet.contains("equal: "), sheet);
    }
  }

  @Test
  void aPipelineIsRepeatedByOneCommandAndMistakesByNone() throws Exception {
    assertEquals(1, commands("complete").lines().filter(l -> l.startsWith("java ")).count());
    assertEquals(List.of("train", "train", "extract", "classify"), stages("longer"));
  }

  @Test
  void whatAPrunedCheckpointLedToIsMadeBeforeTheTrainingGoesOn() throws Exception {
    assertFalse(Files.exists(file("pruned/checkpoints/ckpt-0002.h5")));
    assertEquals(List.of("train", "extract", "classify", "train"), stages("pruned"));
    assertFalse(commands("pruned").contains("no command"), commands("pruned"));
  }

  private static List<String> stages(String run) throws Exception {
    return commands(run)
        .lines()
        .filter(line -> line.startsWith("java "))
        .map(line -> line.split(" ")[3])
        .toList();
  }

  @Test
  void aChangeWithinAnEpochIsSaidToBeUnrepeatable() throws Exception {
    Jar train = Jar.start(directory, command("train", "cut", "train.epochs=100000"));
    train.awaitOutput("epoch=1 step");
    train.signal("TERM");
    assertEquals(99, train.exitCode(), train.output());
    Jar on = Jar.start(directory, "train", "--run", "cut", "--set", "train.batch=16");
    on.awaitOutput("epoch=2 step");
    on.signal("TERM");
    assertEquals(99, on.exitCode(), on.output());
    assertTrue(
        commands("cut").contains("# no commands train it again bit by bit: train.batch = 32, then"),
        commands("cut"));
    assertFalse(commands("cut").contains("java "), commands("cut"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status",
        "report",
        "cancel",
        "inspect",
        "trace",
        "extract --run",
        "predict x --run"
      })
  void aDirectoryThatIsNoRunIsRefusedAndNotFilled(String command) throws Exception {
    Path home = Files.createDirectories(file("home"));
    Files.writeString(home.resolve(".bashrc"), "");
    List<String> words = new ArrayList<>(Arrays.asList(command.split(" ")));
    words.add("home");
    assertTrue(run(3, words.toArray(String[]::new)).contains("home: is no run's directory"));
    assertEquals(1, home.toFile().list().length);
  }

  @Test
  void trainDoesNotFillAProject() throws Exception {
    Path project = Files.createDirectories(file("project/src")).getParent();
    assertTrue(run(3, command("train", "project")).contains("project: holds src and no run"));
    assertEquals(1, project.toFile().list().length);
  }

  @Test
  void traceAndPredictKnowARun() throws Exception {
    assertEquals(run(0, "trace", "complete/svm.h5"), run(0, "trace", "complete"));
    String[] predict = {"predict", "-q", "--csv", "data/test_batch.bin", "--model"};
    List<String> words = new ArrayList<>(List.of(predict));
    words.add("complete");
    String byRun = run(0, words.toArray(String[]::new));
    words.set(words.size() - 1, "complete/svm.h5");
    assertEquals(run(0, words.toArray(String[]::new)), byRun);
  }

  static Stream<List<String>> numbersOutOfRange() {
    return Stream.of(
        List.of("sample", "x", "--train=-5"),
        List.of("sample", "x", "--test=0"),
        List.of("bench", "step", "--batch", "0"),
        List.of("bench", "step", "--seconds=-1"),
        List.of("bench", "step", "--seconds", "NaN"),
        List.of("bench", "kernels", "--batch", "9999"),
        List.of("report", "complete", "--watch=-3"),
        List.of("runs", "complete", "--where", "accuracy>>3"),
        List.of("runs", "complete", "--where", "accuracy>high"));
  }

  @ParameterizedTest
  @MethodSource("numbersOutOfRange")
  void aNumberOutOfRangeIsAMistakeOfUse(List<String> words) throws Exception {
    run(2, words.toArray(String[]::new));
  }

  @Test
  void theDeviceLineNamesNoPrecisionThatDoesNotCompute() throws Exception {
    String output = run(0, command("train", "device", "train.epochs=1"));
    String line = output.lines().filter(l -> l.contains("device=")).findFirst().orElseThrow();
    assertFalse(line.contains("fp32"), line);
  }

  @Test
  void attemptsAreThoseThatWorked() {
    List<String> stages =
        RunDirectory.at(file("longer")).attempts().stream()
            .map(Attempt::start)
            .map(Attempt.Start::stage)
            .toList();
    assertEquals(List.of("train", "extract", "classify", "train"), stages);
  }

  private static String page(String run) throws Exception {
    run(0, "report", run, "-o", run + ".html");
    return Files.readString(file(run + ".html"));
  }

  private static String commands(String run) throws Exception {
    Matcher commands = COMMANDS.matcher(page(run));
    assertTrue(commands.find());
    return commands
        .group(1)
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
  }
}
