package belay.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of generated script, word for word as in src/test/golden. After a change on purpose:
 * mvn test -Dtest=GoldenScriptTest -Dbelay.golden=write, and read the difference.
 */
class GoldenScriptTest {
  private static final Path FILES = Path.of("src/test/golden");
  private static final Map<String, String> SCRIPTS = scripts();

  static Set<String> names() {
    return SCRIPTS.keySet();
  }

  @ParameterizedTest
  @MethodSource("names")
  void isAsItsGoldenFile(String name) throws IOException {
    if ("write".equals(System.getProperty("belay.golden"))) {
      Files.writeString(FILES.resolve(name), SCRIPTS.get(name));
    }
    assertEquals(Files.readString(FILES.resolve(name)), SCRIPTS.get(name));
  }

  @Test
  void everyGoldenFileBelongsToAScript() throws IOException {
    try (Stream<Path> files = Files.list(FILES)) {
      assertEquals(
          new TreeSet<>(names()),
          new TreeSet<>(files.map(file -> file.getFileName().toString()).toList()));
    }
  }

  private static Map<String, String> scripts() {
    Map<String, String> scripts = new TreeMap<>();
    for (BatchSystem batch :
        List.of(new SlurmBatch(SampleJobs.TIMEOUT), new OarBatch(SampleJobs.TIMEOUT))) {
      for (String stage : new String[] {"train", "extract", "classify", "pipeline"}) {
        put(batch, "", SampleJobs.single(stage, SampleJobs.idleGpu()), scripts);
      }
      put(batch, "plain-", SampleJobs.single("train", SampleJobs.plain()), scripts);
      put(
          batch,
          "quoted-",
          SampleJobs.single("train", SampleJobs.plain(), "--set", "data.dir=/d/it's $(x)"),
          scripts);
      put(batch, "", SampleJobs.array(SampleJobs.idleGpu()), scripts);
      JobRequest options = SampleJobs.options("--comment=it's #1 \"a\\b\"", "-w", "n1");
      put(
          batch,
          "asked-",
          SampleJobs.array(SampleJobs.with(SampleJobs.plain(), 2, options)),
          scripts);
    }
    put(
        new LocalBatch(Map.of(), SampleJobs.TIMEOUT),
        "",
        SampleJobs.single("pipeline", SampleJobs.plain(), "--set", "data.dir=/d/it's $(x)"),
        scripts);
    return scripts;
  }

  private static void put(
      BatchSystem batch, String prefix, JobScript script, Map<String, String> scripts) {
    scripts.put(prefix + batch.fileName(script), batch.text(script));
  }
}
