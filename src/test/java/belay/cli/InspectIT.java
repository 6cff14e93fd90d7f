package belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import belay.hdf.Sha256;
import belay.json.Json;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What inspect and trace say of a finished run, beside what h5py reads. */
class InspectIT {
  private static final String PYTHON = "/usr/bin/python3";
  private static final Path TREE = Path.of("").toAbsolutePath();
  @TempDir private static Path directory;

  @BeforeAll
  static void makeARun() throws Exception {
    Jar demo = Jar.run(directory, "demo", "--dir", "run");
    assertEquals(0, demo.exitCode(), demo.output());
  }

  @ParameterizedTest
  @ValueSource(strings = {"checkpoints/ckpt-0008.h5", "features.h5", "svm.h5"})
  void inspectSaysWhatH5pyReads(String file) throws Exception {
    assumeTrue(python("-c", "import h5py").status() == 0, "python3-h5py is not installed");
    Path json = directory.resolve("sheet.json");
    Files.writeString(json, belay("inspect", "--json", "run/run/" + file));
    Result same =
        python(
            TREE.resolve("src/test/python/same_as_h5py.py").toString(),
            directory.resolve("run/run").resolve(file).toString(),
            json.toString());
    assertEquals("same\n", same.output());
  }

  @Test
  void theNotebookRuns() throws Exception {
    assumeTrue(python("-c", "import h5py, pandas").status() == 0, "python3-pandas is missing");
    String cells =
        """
        import json, sys
        names = {}
        for cell in json.load(open(sys.argv[1]))["cells"]:
            if cell["cell_type"] == "code":
                exec(cell["source"], names)
        """;
    Result result = python("-c", cells, TREE.resolve("docs/run.ipynb").toString());
    assertEquals(0, result.status(), result.output());
    assertTrue(result.output().contains("accuracy 0."), result.output());
  }

  @Test
  void theNotebookTakesTheNewestCheckpoint() throws Exception {
    assumeTrue(python("-c", "import h5py, pandas").status() == 0, "python3-pandas is missing");
    Path run = Files.createDirectories(directory.resolve("unfinished/checkpoints")).getParent();
    for (String name :
        new String[] {"ckpt-9999", "ckpt-9999-00000892", "ckpt-10000", "ckpt-0014"}) {
      Files.createFile(run.resolve("checkpoints/" + name + ".h5"));
    }
    String cell =
        """
        import json, os, pathlib, sys
        RUN = pathlib.Path(sys.argv[2])
        cells = json.load(open(sys.argv[1]))["cells"]
        lines = [l for c in cells for l in "".join(c["source"]).split("\\n") if "newest =" in l]
        exec(lines[0])
        print(newest.name)
        (RUN / "checkpoints/ckpt-10000.h5").unlink()
        exec(lines[0])
        print(newest.name)
        """;
    Result result = python("-c", cell, TREE.resolve("docs/run.ipynb").toString(), run.toString());
    assertEquals("ckpt-10000.h5\nckpt-9999-00000892.h5\n", result.output());
  }

  @Test
  void aRunsSheetNamesItsFilesAndAttempts() throws Exception {
    String text = belay("inspect", "run/run");
    for (String word : new String[] {"pipeline", "ckpt-0008.h5", "features.h5", "whole"}) {
      assertTrue(text.contains(word), word + " is not in\n" + text);
    }
  }

  @Test
  void picturesShowFiltersAndReconstructions() throws Exception {
    belay("inspect", "run/run/checkpoints/ckpt-0008.h5", "--images", "pictures");
    BufferedImage filters = ImageIO.read(directory.resolve("pictures/filters.png").toFile());
    assertEquals((16 * (3 + 1) - 1) * 8, filters.getWidth()); // 32 filters of 3 x 3, 8 times
    assertEquals((2 * (3 + 1) - 1) * 8, filters.getHeight());
    BufferedImage images = ImageIO.read(directory.resolve("pictures/reconstructions.png").toFile());
    assertTrue(distance(images, 0, 0) < distance(images, 0, 1), "not like their originals");
  }

  /** Mean difference between an original and a reconstruction, of 16 pairs of 64 x 64 pixels. */
  private static double distance(BufferedImage image, int original, int reconstruction) {
    long sum = 0;
    for (int y = 0; y < 64; y++) {
      for (int x = 0; x < 64; x++) {
        int a = image.getRGB(original * 68 + x, y);
        int b = image.getRGB(reconstruction * 68 + x, 68 + y);
        for (int shift = 0; shift < 24; shift += 8) {
          sum += Math.abs((a >> shift & 0xFF) - (b >> shift & 0xFF));
        }
      }
    }
    return sum / (64.0 * 64 * 3);
  }

  @Test
  void diffFindsEqualFilesEqualAndOthersNot() throws Exception {
    String newest = "run/run/checkpoints/ckpt-0008.h5";
    Map<?, ?> same = diff(0, "run/run", newest);
    assertEquals("equal bit by bit", ((Map<?, ?>) same.get("verdict")).get("/weights"));
    assertFalse(same.containsKey("datasets that differ"));
    Map<?, ?> other = diff(8, newest, "run/run/checkpoints/ckpt-0007.h5");
    assertEquals("differs", ((Map<?, ?>) other.get("verdict")).get("/weights"));
    assertEquals("equal bit by bit", ((Map<?, ?>) other.get("verdict")).get("/network"));
  }

  @Test
  void aRunThatWasMadeAgainDiffersInItsTimesAlone() throws Exception {
    String again =
        belay("pipeline", "--run", "again", "--conf", "demo", "--set", "data.dir=run/data");
    assertTrue(again.contains("accuracy"), again);
    Map<?, ?> verdict =
        (Map<?, ?>) diff(0, "run/run/checkpoints/ckpt-0008.h5", "again").get("verdict");
    assertEquals(
        "equal: classes, header, losses, moments, network, progress, weights; different:"
            + " provenance, times",
        verdict.get("all").toString().replace(" configuration,", ""));
    assertEquals("equal bit by bit", verdict.get("/metrics"));
    assertEquals("equal: checkpoint, features.h5, svm.h5", verdictOf(0, "run/run", "again"));
    belay("classify", "--run", "again", "--set", "svm.c=0.01");
    String other = "different: svm.h5; equal: checkpoint, features.h5";
    assertEquals(other, verdictOf(8, "run/run", "again"));
    Files.delete(directory.resolve("again/svm.h5"));
    String gone = "equal: checkpoint, features.h5; only in b: svm.h5";
    assertEquals(gone, verdictOf(8, "again", "run/run"));
  }

  private String verdictOf(int exitCode, String first, String second) throws Exception {
    return ((Map<?, ?>) diff(exitCode, first, second).get("verdict")).get("all").toString();
  }

  @Test
  void traceWalksBackToTheImagesAndNoticesOtherFeatures() throws Exception {
    String trail = belay("trace", "run/run/svm.h5");
    assertEquals(5, trail.lines().count(), trail);
    Path run = directory.resolve("run/run");
    Path kept = Files.copy(run.resolve("features.h5"), directory.resolve("kept.h5"));
    String other = "checkpoints/ckpt-0007.h5";
    belay("extract", "-q", "--run", "run/run", "--checkpoint", run.resolve(other).toString());
    Jar trace = Jar.run(directory, "trace", "run/run/svm.h5");
    Files.move(kept, run.resolve("features.h5"), StandardCopyOption.REPLACE_EXISTING);
    assertEquals(3, trace.exitCode());
    assertTrue(trace.output().contains("has been written anew since"), trace.output());
  }

  @ParameterizedTest
  @ValueSource(strings = {"checkpoints/ckpt-0008.h5", "features.h5", "svm.h5"})
  void everyFileSaysWhatMadeIt(String file) throws Exception {
    Map<?, ?> sheet = Json.read(belay("inspect", "--json", "run/run/" + file), Map.class);
    Map<?, ?> provenance = (Map<?, ?>) sheet.get("provenance");
    for (String fact :
        "belay-version host scheduler job-id attempt attempt-began made device".split(" ")) {
      assertTrue(provenance.containsKey(fact), fact + " is not in " + provenance);
    }
    assertEquals(Sha256.of(Jar.PATH), provenance.get("jar-sha256"));
    assertEquals("8", ((Map<?, ?>) sheet.get("configuration")).get("train.epochs"));
  }

  @Test
  void aRunWithADamagedFileAndADirectoryWithoutARunAreRefused() throws Exception {
    Path broken = Files.createDirectories(directory.resolve("broken"));
    Jar empty = Jar.run(directory, "inspect", "broken");
    assertEquals(3, empty.exitCode());
    assertTrue(empty.output().contains("is no run's directory"), empty.output());
    Files.writeString(broken.resolve("svm.h5"), "torn");
    Jar damaged = Jar.run(directory, "inspect", "broken");
    assertEquals(3, damaged.exitCode());
    assertTrue(damaged.output().contains("1 of its files are damaged"), damaged.output());
  }

  @Test
  void traceFindsACheckpointOutsideTheRun() throws Exception {
    Path run = directory.resolve("run/run");
    Path kept = Files.copy(run.resolve("features.h5"), directory.resolve("kept2.h5"));
    Path moved = directory.resolve("moved.h5");
    Files.copy(run.resolve("checkpoints/ckpt-0007.h5"), moved);
    belay("extract", "-q", "--run", "run/run", "--checkpoint", "moved.h5");
    Jar trace = Jar.run(directory, "trace", "run/run/features.h5");
    Files.move(kept, run.resolve("features.h5"), StandardCopyOption.REPLACE_EXISTING);
    assertEquals(0, trace.exitCode(), trace.output());
    assertTrue(trace.output().contains("moved.h5"), trace.output());
  }

  private Map<?, ?> diff(int exitCode, String first, String second) throws Exception {
    Jar jar = Jar.run(directory, "inspect", "--json", first, "--diff", second);
    assertEquals(exitCode, jar.exitCode(), jar.output());
    return Json.read(jar.output(), Map.class);
  }

  private static String belay(String... arguments) throws Exception {
    Jar jar = Jar.run(directory, arguments);
    assertEquals(0, jar.exitCode(), jar.output());
    return jar.output();
  }

  private record Result(int status, String output) {}

  private static Result python(String... arguments) throws IOException, InterruptedException {
    if (!Files.exists(Path.of(PYTHON))) {
      return new Result(127, "");
    }
    ProcessBuilder builder = new ProcessBuilder(PYTHON).redirectErrorStream(true);
    builder.command().addAll(java.util.List.of(arguments));
    builder.environment().put("RUN", directory.resolve("run/run").toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output);
  }
}
