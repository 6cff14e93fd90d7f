package belay.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.conf.settings.DataSettings;
import belay.conf.settings.Entry;
import belay.conf.settings.Key;
import belay.conf.settings.Keys;
import belay.conf.settings.Settings;
import belay.error.ConfigurationException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How layers lie over one another, and that the effective values can be written and read back. */
class ConfigurationTest {
  @TempDir Path dir;

  @Test
  void aRunDirectoryChoosesNoPlaceToWriteOrSendTo() throws IOException {
    Path run =
        file(
            "run.properties",
            "metrics.textfile = /home/victim/.bashrc\nmetrics.pushgateway = http://evil\n"
                + "metrics.profile = false\ncluster.environment = evil.sh\n");
    Configuration configuration =
        Configuration.load(ConfigurationSources.of(Map.of()).withBase(run));
    assertEntry(configuration, "metrics.textfile", "metrics.prom", "default");
    assertEntry(configuration, "metrics.pushgateway", "", "default");
    assertEntry(configuration, "cluster.environment", "", "default");
    assertEntry(configuration, "metrics.profile", "false", run + ":3");
    assertEquals(
        List.of("metrics.textfile", "metrics.pushgateway", "cluster.environment"),
        configuration.ignored().stream().map(Entry::key).toList());
  }

  /** Whoever may write there must not learn what stands in another user's environment. */
  @Test
  void aRunDirectoryLooksNothingUp() throws IOException {
    Path run =
        file("run.properties", "data.train-files = ${env:TOKEN}\ndata.names-file = ${$}{x}\n");
    Configuration configuration =
        Configuration.load(ConfigurationSources.of(Map.of("TOKEN", "secret")).withBase(run));
    assertEntry(configuration, "data.train-files", "${env:TOKEN}", run + ":1");
    assertEntry(configuration, "data.names-file", "${x}", run + ":2");
    assertTrue(configuration.toProperties().contains("data.names-file = ${$}{x}\n"));
  }

  @Test
  void whatIsGivenAgainIsNotTheRunDirectorys() throws IOException {
    Path run = file("run.properties", "metrics.textfile = a.prom\n");
    Configuration configuration =
        Configuration.load(
            ConfigurationSources.of(Map.of())
                .withBase(run)
                .withSet(List.of("metrics.textfile=a.prom")));
    assertEntry(configuration, "metrics.textfile", "a.prom", "--set");
    assertEquals(List.of(), configuration.ignored());
  }

  @Test
  void addressesLoseTheirSecretsWhereTheyAreShownOrKept() throws IOException {
    String address = "https://me:p%40ss@host:9091/x?token=abc";
    Configuration configuration =
        Configuration.load(
            ConfigurationSources.of(Map.of())
                .withSet(List.of("metrics.pushgateway=" + address, "data.url=" + address)));
    assertEquals(
        address, configuration.settings().metrics().pushgateway().orElseThrow().toString());
    assertEquals("https://***@host:9091/x?***", configuration.shown().get("metrics.pushgateway"));
    assertEquals("https://***@host:9091/x?***", configuration.shown().get("data.url"));
    assertTrue(!configuration.toProperties().contains("host:9091"));
  }

  @Test
  void anAddressThatWasShortenedIsNoAddress() {
    String problem =
        assertThrows(
                ConfigurationException.class,
                () ->
                    Configuration.load(
                        ConfigurationSources.of(Map.of())
                            .withSet(List.of("data.url=https://***@host/x"))))
            .getMessage();
    assertTrue(problem.contains("must be an http or https address"), problem);
  }

  @Test
  void aPipeInPlaceOfTheRunsFileIsRefusedAtOnce() throws Exception {
    Path pipe = dir.resolve("run.properties");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    String problem =
        assertThrows(
                ConfigurationException.class,
                () -> Configuration.load(ConfigurationSources.of(Map.of()).withBase(pipe)))
            .getMessage();
    assertTrue(problem.contains("expected a regular file"), problem);
  }

  @Test
  void laterLayersWinAndSayWhereTheyStand() throws IOException {
    Path run = file("run.properties", "train.epochs = 1\ntrain.batch = 1\nsvm.c = 1\n");
    Path site =
        file("site.properties", "# note\n\ntrain.batch : 2\nextract.batch = 2\ntrain.seed = 2");
    Path first = file("first.properties", "extract.batch=3\r\ntrain.limit=3\r\n");
    Path second = file("second.properties", "train.limit=4\ncpu.threads=4");
    Map<String, String> environment =
        Map.of(
            "BELAY_SITE", site.toString(),
            "BELAY_CPU_THREADS", "5",
            "BELAY_TRAIN_WARMUP_STEPS", "5",
            "BELAY_SVM_C", "",
            "BELAY_TEST_DATA", "/anything",
            "HOME", "/home/me");
    Configuration configuration =
        Configuration.load(
            ConfigurationSources.of(environment)
                .withBase(run)
                .withFiles(List.of(first.toString(), second.toString()))
                .withSet(List.of("train.warmup-steps=6", " train.warmup-steps = 7 "))
                .withOption("--backend", "backend", "cpu"));
    assertEntry(configuration, "data.classes", "auto", "default");
    assertEntry(configuration, "train.epochs", "1", run + ":1");
    assertEntry(configuration, "svm.c", "1", run + ":3");
    assertEntry(configuration, "train.batch", "2", site + ":3");
    assertEntry(configuration, "train.seed", "2", site + ":5");
    assertEntry(configuration, "extract.batch", "3", first + ":1");
    assertEntry(configuration, "train.limit", "4", second + ":1");
    assertEntry(configuration, "cpu.threads", "5", "environment BELAY_CPU_THREADS");
    assertEntry(configuration, "train.warmup-steps", "7", "--set");
    assertEntry(configuration, "backend", "cpu", "--backend");
    assertEquals(7, configuration.settings().train().rate().warmupSteps());
    assertEquals(
        Keys.all().stream().map(Key::name).toList(), List.copyOf(configuration.entries().keySet()));
  }

  @Test
  void aBareWordNamesAFileOfTheJar() {
    Configuration configuration = load("quick", Map.of());
    assertEquals("1000", configuration.entries().get("train.limit").value());
    assertTrue(
        configuration
            .entries()
            .get("train.limit")
            .source()
            .startsWith("jar:conf/run/quick.properties:"));
  }

  @Test
  void variablesComeFromTheEnvironmentAndFromOtherKeys() throws IOException {
    Path file =
        file(
            "a.properties",
            """
            data.dir = ${env:SCRATCH}/cifar
            data.names-file = ${train.network}-${env:ABSENT:-none}-${env:ABSENT:-${env:SCRATCH}}
            train.network = net${data.width}
            data.test-files = ${$}{env:SCRATCH}.bin, $5, $${data.width}
            """);
    Settings settings = load(file.toString(), Map.of("SCRATCH", "/scratch/me")).settings();
    assertEquals(Optional.of(Path.of("/scratch/me/cifar")), settings.data().dir());
    assertEquals("netauto-none-/scratch/me", settings.data().namesFile());
    assertEquals(List.of("${env:SCRATCH}.bin", "$5", "$auto"), settings.data().testFiles());
  }

  @Test
  void commandsThatNeedImagesAskForTheirDirectory() {
    DataSettings data = Configuration.load(ConfigurationSources.of(Map.of())).settings().data();
    assertTrue(
        assertThrows(ConfigurationException.class, data::requireDir)
            .getMessage()
            .startsWith("data.dir is not set; "));
  }

  @Test
  void differencesCompareValuesAndNotTexts() {
    Configuration before = set("train.learning-rate=1e-3", "train.batch=64");
    Configuration after = set("train.learning-rate=0.001", "train.batch=65", "svm.c=2");
    assertEquals(Set.of("train.batch", "svm.c"), after.differences(before).keySet());
    assertEquals("65", after.differences(before).get("train.batch").value());
    assertEquals("64", before.differences(after).get("train.batch").value());
  }

  @Test
  void writtenValuesAreReadBackByUsAndByJava() throws IOException {
    Random random = new Random(7);
    String[] parts = {
      "\\",
      "\\\\",
      "$",
      "${",
      "$${",
      "}",
      "{",
      "=",
      ":",
      "#",
      "!",
      " ",
      "\u00fc",
      "\u20ac",
      "\ud83e\uddd7",
      "u0041",
      "\\u0041",
      "n",
      "\\n",
      ",",
      "'",
      "\"",
      "env:HOME",
      "\u00a0",
      "%",
      ":-"
    };
    for (int i = 0; i < 300; i++) {
      StringBuilder value = new StringBuilder();
      for (int length = random.nextInt(8); length >= 0; length--) {
        value.append(parts[random.nextInt(parts.length)]);
      }
      assertReadBack(value.toString());
    }
  }

  private void assertReadBack(String value) throws IOException {
    Configuration written = set("data.names-file=" + Interpolation.escape(value));
    assertEquals(value.strip(), written.settings().data().namesFile());
    String text = written.toProperties();
    Path run = file("run.properties", text);
    Configuration read = Configuration.load(ConfigurationSources.of(Map.of()).withBase(run));
    assertEquals(written.settings(), read.settings());
    assertEquals(text, read.toProperties());

    Properties java = new Properties();
    java.load(new StringReader(text));
    Map<String, String> expected = new HashMap<>();
    written
        .entries()
        .forEach((key, entry) -> expected.put(key, Interpolation.escape(entry.value())));
    expected.keySet().removeIf(key -> !Keys.named(key).isOfRun());
    assertEquals(expected, java);
  }

  private static void assertEntry(Configuration from, String key, String value, String source) {
    assertEquals(new Entry(key, value, source), from.entries().get(key));
  }

  private Configuration load(String file, Map<String, String> environment) {
    return Configuration.load(ConfigurationSources.of(environment).withFiles(List.of(file)));
  }

  private static Configuration set(String... assignments) {
    return Configuration.load(ConfigurationSources.of(Map.of()).withSet(List.of(assignments)));
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(dir.resolve(name), content);
  }
}
