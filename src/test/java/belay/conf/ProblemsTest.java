package belay.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.conf.settings.Key;
import belay.conf.settings.Keys;
import belay.conf.settings.Problems;
import belay.error.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user reads when a configuration is wrong. */
class ProblemsTest {
  @TempDir Path dir;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = dir.resolve("a.properties");
  }

  @Test
  void addressesKeepTheirSecretsHoweverTheyAreMisspelt() {
    assertProblems(
        "3 problems: ***@h/a?*** (FILE:3) is unknown; belay config lists all keys;"
            + " data.url = ***@h/a?*** (FILE:1) must be an http or https address;"
            + " metrics.pushgateway = htp://***@h/x?*** (FILE:2) must be an http or https address,"
            + " or empty",
        "data.url = bob:geheim@h/a?token=TOPSECRET\n"
            + "metrics.pushgateway = htp://bob:geheim@h/x?token=TOPSECRET\n"
            + "data.url\\ bob\\:geheim@h/a?token=TOPSECRET\n");
  }

  @Test
  void allProblemsAreToldAtOnceWithTheirPlaceAndASuggestion() {
    assertProblems(
        "2 problems: train.epoch (FILE:3) is unknown, did you mean train.epochs?;"
            + " train.batch = 0 (FILE:2) must be 1..4096",
        "# mine\ntrain.batch = 0\ntrain.epoch = 3\n");
  }

  @Test
  void rejectsValuesOutOfTheirRange() {
    for (String assignment :
        List.of(
            "train.batch=4097",
            "train.batch=1.5",
            "train.batch=",
            "train.epochs=99999999999999999999",
            "train.seed=-1",
            "train.learning-rate=0",
            "train.learning-rate=NaN",
            "train.learning-rate=Infinity",
            "train.learning-rate=0x1p3",
            "train.learning-rate=1f",
            "train.beta1=1",
            "train.clip-norm=1e300",
            "train.schedule=sine",
            "cpu.threads=0",
            "svm.gamma=0",
            "svm.scale=yes",
            "data.url=ftp://host/file",
            "data.url=http:///file",
            "data.md5=c32a1d4",
            "data.dir=~/cifar",
            "data.train-files=",
            "data.train-files=a,,b",
            "data.train-files=a, a")) {
      String key = assignment.substring(0, assignment.indexOf('='));
      String message = messageOf(ConfigurationSources.of(Map.of()).withSet(List.of(assignment)));
      String expected = key + " must be " + Keys.named(key).range();
      assertEquals("1 problem: " + expected, message.replaceAll(" = .* \\(--set\\)", ""));
    }
  }

  @Test
  void aStaleLeaseMustOutliveTwoHeartbeats() {
    assertProblems(
        "1 problem: lease.stale-seconds = 20 (FILE:1) must be more than twice"
            + " lease.heartbeat-seconds = 10 (FILE:2)",
        "lease.stale-seconds=20\nlease.heartbeat-seconds=10\n");
  }

  @Test
  void moreShardsThanImagesAreRefused() {
    assertProblems(
        "1 problem: train.shards = 8 (FILE:1) must be at most train.batch = 4 (FILE:2): raise that,"
            + " or set train.shards to auto",
        "train.shards=8\ntrain.batch=4\n");
    assertProblems(
        "1 problem: train.shards = 12 (FILE:1) must be auto or a power of two, 1..64",
        "train.shards=12\n");
    assertProblems(
        "1 problem: train.shards = 128 (FILE:1) must be auto or a power of two, 1..64",
        "train.shards=128\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train.freeze=conv1/w@",
        "train.freeze=conv1/w@-",
        "train.freeze=conv1/w@0-3",
        "train.freeze=conv1/w@5-3",
        "train.freeze=conv1/w,,x",
        "train.freeze=conv 1",
        "train.learning-rates=conv1/w",
        "train.learning-rates=*/b=0",
        "train.learning-rates=*/b=1e7",
        "train.weight-decays=*/b=-1",
        "train.weight-decays==1"
      })
  void whatIsNoListOfNamesIsToldWithWhatWouldBeOne(String assignment) {
    String key = assignment.substring(0, assignment.indexOf('='));
    assertTrue(
        messageOf(ConfigurationSources.of(Map.of()).withSet(List.of(assignment)))
            .endsWith("must be " + Keys.named(key).range()));
  }

  @Test
  void suggestsKeysOfAnotherStageOrSpelling() {
    assertProblems(
        "4 problems: batch (FILE:1) is unknown, did you mean train.batch or extract.batch?;"
            + " training.learning_rate (FILE:2) is unknown, did you mean train.learning-rate?;"
            + " checkpoint.intervalSeconds (FILE:3) is unknown, did you mean"
            + " checkpoint.interval-seconds?;"
            + " colour (FILE:4) is unknown; belay config lists all keys",
        "batch=1\ntraining.learning_rate=1\ncheckpoint.intervalSeconds=1\ncolour=red\n");
  }

  @Test
  void rejectsUnknownVariablesThatLookLikeOurs() {
    String message =
        messageOf(
            ConfigurationSources.of(
                Map.of("BELAY_TRAIN_EPOCH", "1", "BELAY_FOO", "1", "BELAY_HOME", "/opt/belay")));
    assertEquals(
        "2 problems: environment variable BELAY_FOO is unknown; unset it, or see belay config for"
            + " all keys; environment variable BELAY_TRAIN_EPOCH is unknown, did you mean"
            + " BELAY_TRAIN_EPOCHS?",
        message);
  }

  @Test
  void rejectsAssignmentsWithoutAKey() {
    assertEquals(
        "2 problems: --set train.batch must be KEY=VALUE; --set =3 must be KEY=VALUE",
        messageOf(ConfigurationSources.of(Map.of()).withSet(List.of("train.batch", "=3"))));
  }

  @Test
  void rejectsLinesThatWouldBeMisread() {
    assertProblems(
        "7 problems: FILE:2 sets train.batch a second time, after line 1;"
            + " FILE:3 must be KEY = VALUE;"
            + " FILE:4 must be KEY = VALUE;"
            + " FILE:5 ends in \\, but a value must fit in one line;"
            + " FILE:6 has \\u without 4 hexadecimal digits (write \\\\ for a backslash);"
            + " FILE:7 is longer than 4096 characters;"
            + " FILE:8 includes another file, which is not allowed; give --conf once for each file",
        "train.batch=1\ntrain.batch=2\ntrain.epochs 12\n= 3\ndata.dir=/data\\\ndata.dir=C:\\users\n"
            + "data.dir="
            + "x".repeat(5000)
            + "\ninclude = other.properties\n");
  }

  @Test
  void rejectsControlCharacters() {
    assertProblems(
        "1 problem: data.dir = C:?emp (FILE:1) has a control character (in a file, write \\\\ for"
            + " a backslash)",
        "data.dir = C:\\temp");
  }

  @Test
  void namesTheVariableThatIsMissing() {
    assertProblems(
        "5 problems: data.dir = ${env:SCRATCH}/cifar (FILE:1) needs the environment variable"
            + " SCRATCH, which is not set; set it or write ${env:SCRATCH:-DEFAULT};"
            + " data.names-file = ${env:HOME (FILE:2) has ${ without };"
            + " train.network = ${train.netwrok} (FILE:4) needs ${train.netwrok}, did you mean"
            + " ${train.network}?;"
            + " train.epochs = ${train.limit} (FILE:5) refers to itself, or to far too many others;"
            + " train.limit = ${train.epochs} (FILE:6) refers to itself, or to far too many others",
        "data.dir = ${env:SCRATCH}/cifar\ndata.names-file = ${env:HOME\n\n"
            + "train.network = ${train.netwrok}\ntrain.epochs = ${train.limit}\n"
            + "train.limit = ${train.epochs}\n");
  }

  @Test
  void whatRefersToItselfEndsHoweverItDoes() {
    for (String value :
        List.of(
            "${train.seed}",
            "${env:${train.seed}}",
            "${env:NONE:-${train.seed}}",
            "${train.seed:-}${train.seed}",
            "${".repeat(2000) + "train.seed" + "}".repeat(2000))) {
      String message =
          messageOf(ConfigurationSources.of(Map.of()).withSet(List.of("train.seed=" + value)));
      assertTrue(message.startsWith("1 problem: train.seed = ${"), message);
      assertTrue(message.endsWith("refers to itself, or to far too many others"), message);
    }
  }

  @Test
  void whatDoublesItselfEndsInLittleMemory() {
    Map<String, String> environment = new HashMap<>();
    environment.put("D0", "0123456789".repeat(1000));
    for (int i = 1; i < 40; i++) {
      environment.put("D" + i, "${env:D" + (i - 1) + "}${env:D" + (i - 1) + "}");
    }
    String message =
        messageOf(ConfigurationSources.of(environment).withSet(List.of("data.dir=${env:D39}")));
    assertTrue(message.contains("refers to itself, or to far too many others"), message);
  }

  @Test
  void looksUpNothingButTheEnvironmentAndKeys() {
    for (String lookup :
        List.of(
            "script:javascript:1+1",
            "dns:address|localhost",
            "url:UTF-8:http://localhost/",
            "file:UTF-8:/etc/hostname",
            "sys:user.home",
            "java:version",
            "base64Decoder:YQ==",
            "")) {
      assertProblems(
          "1 problem: data.dir = ${"
              + lookup
              + "} (FILE:1) needs ${"
              + Problems.quote(lookup)
              + "}, but only ${env:NAME} and ${KEY} are replaced",
          "data.dir = ${" + lookup + "}");
    }
  }

  @Test
  void valuesThatDoubleThemselvesEnd() {
    StringBuilder text = new StringBuilder();
    List<String> keys = Keys.all().stream().map(Key::name).toList();
    for (int i = 1; i < keys.size(); i++) {
      text.append(keys.get(i)).append(" = ${%1$s}${%1$s}\n".formatted(keys.get(i - 1)));
    }
    assertTrue(messageOf(text.toString().getBytes(StandardCharsets.UTF_8)).length() < 5000);
  }

  @Test
  void namesFilesThatCannotBeRead() throws IOException {
    assertFileProblem("FILE does not exist");
    Files.createDirectory(file);
    assertFileProblem("FILE is a directory, not a file");
    Files.delete(file);
    Files.createSymbolicLink(file, Path.of("/dev/zero"));
    assertFileProblem(
        "FILE cannot be read: a.properties is a pipe, socket or device, expected a regular file");
    Files.delete(file);
    Files.write(file, new byte[(1 << 20) + 1]);
    assertFileProblem(
        "FILE cannot be read: a.properties has more than 1,048,576 bytes, as no such file has");
    Files.write(file, new byte[] {'#', '\n', 'a', (byte) 0xff, '\n'});
    assertFileProblem("FILE:2 is not UTF-8 text");
    Files.write(file, new byte[] {'#', '\n', 'a', (byte) 0xe2});
    assertFileProblem("FILE:2 is not UTF-8 text");
  }

  @Test
  void longPathsAreToldWhole() {
    file = dir.resolve("d".repeat(120)).resolve("a.properties");
    assertFileProblem("FILE does not exist");
  }

  @Test
  void namesWordsThatAreNotInTheJar() {
    String expected =
        "1 problem: jar:conf/%s/absent.properties is not in the jar; write ./NAME for a file of"
            + " your own";
    assertEquals(
        expected.formatted("site"),
        messageOf(ConfigurationSources.of(Map.of("BELAY_SITE", "absent"))));
    assertEquals(
        expected.formatted("run"),
        messageOf(ConfigurationSources.of(Map.of()).withFiles(List.of("absent"))));
  }

  @Test
  void manyProblemsAreCutShort() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      text.append("nothing").append(i).append(" = 1\n");
    }
    String message = messageOf(text.toString().getBytes(StandardCharsets.UTF_8));
    assertTrue(message.startsWith("1000 problems: nothing0 (" + file + ":1) is unknown"), message);
    assertTrue(message.endsWith("; and 980 more"), message);
  }

  @Test
  void acceptsAByteOrderMark() throws IOException {
    Files.writeString(file, "\uFEFFtrain.batch=7");
    assertEquals(7, Configuration.load(sources()).settings().train().batch());
  }

  private void assertProblems(String expected, String content) {
    String message = messageOf(content.getBytes(StandardCharsets.UTF_8));
    assertEquals(expected.replace("FILE", file.toString()), message);
  }

  private void assertFileProblem(String expected) {
    assertEquals("1 problem: " + expected.replace("FILE", file.toString()), messageOf(sources()));
  }

  private String messageOf(byte[] content) {
    try {
      Files.write(file, content);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return messageOf(sources());
  }

  private ConfigurationSources sources() {
    return ConfigurationSources.of(Map.of()).withFiles(List.of(file.toString()));
  }

  private static String messageOf(ConfigurationSources sources) {
    return assertThrows(ConfigurationException.class, () -> Configuration.load(sources))
        .getMessage();
  }
}
