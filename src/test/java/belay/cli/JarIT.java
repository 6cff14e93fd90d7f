package belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar as users meet it. */
class JarIT {
  @TempDir private Path directory;

  @BeforeEach
  void makeImages() throws Exception {
    assertEquals(
        0, Jar.run(directory, "sample", "data", "--train", "200", "--test", "50").exitCode());
  }

  @Test
  void helpNamesEveryCommandAndEveryExitCode() throws Exception {
    Jar help = Jar.run(directory, "--help");
    assertEquals(0, help.exitCode());
    for (String word :
        List.of(
            "train",
            "extract",
            "classify",
            "fetch",
            "sample",
            "demo",
            "config",
            "inspect",
            "repair",
            "report",
            "runs",
            "wait",
            "logs",
            "completion",
            "  2  ",
            "  99  ")) {
      assertTrue(help.output().contains(word), word + " is not in\n" + help.output());
    }
  }

  @Test
  void withoutArgumentsItShowsTheHelp() throws Exception {
    assertEquals(Jar.run(directory, "--help").output(), Jar.run(directory, new String[0]).output());
  }

  @Test
  void theVersionNamesTheCommit() throws Exception {
    String version = Jar.run(directory, "--version").output();
    assertTrue(version.matches("belay \\S+ \\([0-9a-f]{7}(-dirty)?\\)\\n"), version);
  }

  @Test
  void trainsExtractsClassifiesAndInspects() throws Exception {
    assertEquals(0, train("run", "2").exitCode());
    assertEquals(0, stage("extract").exitCode());
    Jar classify = stage("classify");
    assertEquals(0, classify.exitCode());
    assertTrue(classify.output().contains("accuracy"), classify.output());
    for (String file : List.of("checkpoints/ckpt-0002.h5", "features.h5", "svm.h5")) {
      Jar inspect = Jar.run(directory, "inspect", "run/" + file);
      assertEquals(0, inspect.exitCode(), inspect.output());
      assertTrue(inspect.output().contains("every digest is right"), inspect.output());
    }
  }

  @Test
  void aCompleteRunEndsAtOnceAndReusesItsFiles() throws Exception {
    train("run", "1");
    stage("extract");
    String first = stage("classify").output();
    assertTrue(train("run", "1").output().contains("complete=true"));
    assertTrue(stage("extract").output().contains("reused=true"));
    String again = stage("classify").output();
    assertTrue(again.contains("svm.h5 reused=true"), again);
    assertEquals(matrix(first), matrix(again));
    assertTrue(matrix(first).size() > 2, first);
  }

  private static List<String> matrix(String output) {
    return output.lines().filter(line -> line.matches("accuracy .*|.* [0-9.]+%")).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "USR1", "HUP", "INT"})
  void aSignalSavesTheStateAndAsksForResubmission(String signal) throws Exception {
    Jar train = startTraining();
    train.awaitOutput("epoch=2 step");
    train.signal(signal);
    train.signal(signal); // a second one changes nothing
    assertEquals(99, train.exitCode(), train.output());
    assertTrue(status().contains("\"stopped\""), status());
    Jar resumed = train("run", "3");
    assertTrue(resumed.output().contains("resumed=ckpt-"), resumed.output());
  }

  @Test
  void aSecondProcessOnTheSameRunIsRefused() throws Exception {
    Jar first = startTraining();
    first.awaitOutput("epoch=1 step");
    Jar second = train("run", "1000");
    assertEquals(7, second.exitCode());
    assertOneLine(second);
    first.kill();
  }

  @Test
  void refusesToGoOnWithAnotherNetworkOrOtherImages() throws Exception {
    train("run", "1");
    Jar other = train("run", "2", "--set", "train.network=autoencoder");
    assertEquals(2, other.exitCode());
    assertTrue(other.output().contains("another network"), other.output());
    Jar fewer = train("run", "2", "--set", "train.limit=100");
    assertEquals(2, fewer.exitCode());
    assertTrue(fewer.output().contains("other images"), fewer.output());
  }

  @Test
  void aRefusedCommandDoesNotChangeTheRun() throws Exception {
    train("run", "1");
    train("run", "1", "--set", "train.network=autoencoder");
    assertEquals(0, stage("train").exitCode());
  }

  @Test
  void fallsBackPastADamagedCheckpoint() throws Exception {
    train("run", "3");
    damage("ckpt-0003.h5");
    Jar resumed = train("run", "3");
    assertEquals(0, resumed.exitCode());
    assertTrue(resumed.output().contains("resumed=ckpt-0002.h5"), resumed.output());
  }

  @Test
  void aStateSavedAfterAFallbackIsTheOneToResumeFrom() throws Exception {
    train("run", "3");
    damage("ckpt-0003.h5");
    Jar fallen = startTraining();
    fallen.awaitOutput("resumed=ckpt-0002.h5");
    fallen.signal("TERM");
    assertEquals(99, fallen.exitCode(), fallen.output());
    String kept = status().replaceAll("(?s).*\"checkpoint\": \"checkpoints/([^\"]+)\".*", "$1");
    Jar resumed = train("run", "3");
    assertTrue(resumed.output().contains("resumed=" + kept), kept + "\n" + resumed.output());
  }

  @Test
  void refusesToBeginAnewOverDamagedCheckpoints() throws Exception {
    train("run", "1");
    damage("ckpt-0001.h5");
    assertEquals(3, train("run", "1").exitCode());
    assertTrue(Files.exists(directory.resolve("run/checkpoints/ckpt-0001.h5")));
  }

  @Test
  void aRunContinuesFromAnotherWorkingDirectory() throws Exception {
    train("run", "1");
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    assertEquals(0, Jar.run(elsewhere, "extract", "--run", "../run").exitCode());
  }

  @Test
  void tooLittleHeapGetsOneLine() throws Exception {
    Jar jar = Jar.runWith(directory, List.of("-Xmx24m"), "sample", "big", "--train", "50000");
    assertEquals(4, jar.exitCode(), jar.output());
    assertTrue(jar.output().contains("-Xmx"), jar.output());
    assertFalse(jar.output().contains("\tat "), jar.output());
  }

  private void damage(String checkpoint) throws Exception {
    Path file = directory.resolve("run/checkpoints").resolve(checkpoint);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void whatTheDeviceRefusesIsNotRemembered() throws Exception {
    Jar refused = train("run", "1", "--backend", "cpu", "--set", "train.precision=fp16");
    assertEquals(4, refused.exitCode(), refused.output());
    Jar again = train("run", "1", "--backend", "cpu");
    assertEquals(0, again.exitCode(), again.output());
  }

  static Stream<List<String>> mistakes() {
    return Stream.of(
        List.of("2", "fly"),
        List.of("2", "train"),
        List.of("2", "train", "--run", "r", "--set", "train.epoch=3"),
        List.of("2", "train", "--run", "r", "--set", "train.batch=zero"),
        List.of("2", "train", "--run", "r", "--conf", "missing.properties"),
        List.of("2", "train", "--run", "r"),
        List.of("2", "train", "--run", "r", "--set", "data.dir=data", "--backend", "gpu"),
        List.of("2", "train", "--run", "r", "--set", "data.dir=data", "--set", "train.network=no"),
        List.of("3", "train", "--run", "r", "--set", "data.dir=nowhere"),
        List.of("3", "train", "--run", "data/test_batch.bin", "--set", "data.dir=data"),
        List.of("3", "extract", "--run", "missing"),
        List.of("3", "classify", "--run", "missing"),
        List.of("3", "inspect", "data/test_batch.bin"),
        List.of("3", "inspect", "missing.h5"),
        List.of(
            "4",
            "train",
            "--run",
            "r",
            "--set",
            "data.dir=data",
            "--set",
            "train.precision=fp16",
            "--backend",
            "cpu"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeGetsItsExitCodeAndNoStackTrace(List<String> mistake) throws Exception {
    Jar jar = Jar.run(directory, mistake.subList(1, mistake.size()).toArray(String[]::new));
    assertEquals(Integer.parseInt(mistake.get(0)), jar.exitCode(), jar.output());
    assertFalse(jar.output().contains("\tat "), jar.output());
  }

  private Jar train(String run, String epochs, String... more) throws Exception {
    return Jar.run(directory, trainArguments(run, epochs, more));
  }

  @Test
  void aWatchedReportSaysWhereItIsBeforeItEnds() throws Exception {
    assertEquals(0, train("run", "1").exitCode());
    Jar report = Jar.start(directory, "report", "run", "--watch", "600");
    report.awaitOutput("report=report.html runs=1");
    String reloads = "data-reload=";
    assertTrue(Files.readString(directory.resolve("report.html")).contains(reloads));
    report.signal("TERM");
    assertEquals(0, report.exitCode(), report.output());
    assertFalse(Files.readString(directory.resolve("report.html")).contains(reloads));
  }

  private Jar startTraining() throws Exception {
    return Jar.start(directory, trainArguments("run", "1000"));
  }

  private static String[] trainArguments(String run, String epochs, String... more) {
    Stream<String> demo = Stream.of(Jar.demo("train", run, "train.epochs=" + epochs));
    return Stream.concat(demo, Stream.of(more)).toArray(String[]::new);
  }

  private Jar stage(String name) throws Exception {
    return Jar.run(directory, name, "--run", "run");
  }

  private String status() throws Exception {
    return Files.readString(directory.resolve("run/status.json"));
  }

  private static void assertOneLine(Jar jar) throws Exception {
    assertEquals(1, jar.output().lines().filter(line -> line.contains("ERROR")).count());
    assertFalse(jar.output().contains("\tat "), jar.output());
  }
}
