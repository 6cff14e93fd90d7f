package belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.checkpoint.RunDirectory;
import belay.json.Json;
import belay.svm.SvmFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One pipeline, and what its classifier says of other images. */
class PredictIT {
  private static final int RECORD = 1 + 3 * 32 * 32;

  @TempDir static Path directory;

  private static Jar pipeline;

  @BeforeAll
  static void runPipeline() throws Exception {
    Jar.run(directory, "sample", "data", "--train", "400", "--test", "60");
    pipeline =
        Jar.run(
            directory,
            "pipeline",
            "--run",
            "run",
            "--conf",
            "demo",
            "--set",
            "data.dir=data",
            "--set",
            "train.epochs=2");
    assertEquals(0, pipeline.exitCode(), pipeline.output());
    Files.createDirectory(directory.resolve("pictures"));
    byte[] records = Files.readAllBytes(directory.resolve("data/test_batch.bin"));
    for (int i = 0; i < 4; i++) {
      writePng(records, i, directory.resolve("pictures/" + i + ".png"));
    }
    Files.writeString(directory.resolve("pictures/readme.txt"), "no picture");
    ImageIO.write(
        new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB),
        "png",
        directory.resolve("large.png").toFile());
    Files.writeString(directory.resolve("broken.png"), "no picture");
  }

  private static void writePng(byte[] records, int index, Path file) throws IOException {
    BufferedImage picture = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    for (int p = 0; p < 1024; p++) {
      int at = index * RECORD + 1 + p;
      int rgb =
          (records[at] & 0xFF) << 16 | (records[at + 1024] & 0xFF) << 8 | records[at + 2048] & 0xFF;
      picture.setRGB(p % 32, p / 32, rgb);
    }
    ImageIO.write(picture, "png", file.toFile());
  }

  private static Jar predict(String... arguments) throws Exception {
    String[] first = {"-q", "predict", "--backend", "cpu"};
    return Jar.run(
        directory,
        IntStream.range(0, first.length + arguments.length)
            .mapToObj(i -> i < first.length ? first[i] : arguments[i - first.length])
            .toArray(String[]::new));
  }

  private static int[] predictionsOfTheRun() {
    return SvmFile.readJudgement(RunDirectory.open(directory.resolve("run")).svm()).predictions();
  }

  private static List<String> classNames() throws IOException {
    return Files.readAllLines(directory.resolve("data/batches.meta.txt")).stream()
        .filter(line -> !line.isBlank())
        .toList();
  }

  @Test
  void thePipelineTellsTheAccuracyAndWhereTheTimeWent() throws Exception {
    for (String part : List.of("accuracy ", "JVM start", "train ", "extract ", "total ")) {
      assertTrue(pipeline.output().contains(part), pipeline.output());
    }
  }

  @Test
  void recordsGetTheClassesThatTheRunGaveThem() throws Exception {
    Jar csv = predict("--model", "run/svm.h5", "--csv", "data/test_batch.bin");
    assertEquals(0, csv.exitCode(), csv.output());
    List<String> lines = csv.output().lines().toList();
    assertEquals("image,class,label", lines.get(0));
    int[] expected = predictionsOfTheRun();
    assertEquals(expected.length + 1, lines.size());
    for (int i = 0; i < expected.length; i++) {
      String line = "data/test_batch.bin#" + i + "," + classNames().get(expected[i]) + ",";
      assertTrue(lines.get(i + 1).startsWith(line), lines.get(i + 1));
    }
    String accuracy =
        pipeline.output().lines().filter(line -> line.startsWith("accuracy")).findFirst().get();
    assertTrue(
        predict("--run", "run", "data/test_batch.bin").output().contains(accuracy), accuracy);
  }

  @Test
  void picturesOfADirectoryGetTheClassesOfTheirRecords() throws Exception {
    Jar json = predict("--run", "run", "--json", "pictures");
    assertEquals(0, json.exitCode(), json.output());
    List<?> predictions = (List<?>) Json.read(json.output(), Map.class).get("predictions");
    assertEquals(4, predictions.size());
    for (int i = 0; i < 4; i++) {
      Map<?, ?> record = (Map<?, ?>) predictions.get(i);
      assertEquals("pictures/" + i + ".png", record.get("image"));
      assertEquals(classNames().get(predictionsOfTheRun()[i]), record.get("class"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--run run broken.png | broken.png: is no PNG, JPEG, BMP, GIF or WebP picture",
        "--run run nowhere.bin | nowhere.bin: no such file or directory",
        "--run run run/checkpoints | run/checkpoints: holds several HDF5 files",
        "--run run run/run.properties | run/run.properties: record",
        "--model run/features.h5 pictures | run/features.h5: is a belay-features",
        "--model run/svm.h5 --checkpoint run/checkpoints/ckpt-0001.h5 pictures | ckpt-0001.h5: has the weights",
        "--model run/svm.h5 --run elsewhere pictures | The run directory elsewhere does not exist"
      })
  void whatCannotBeIsOneLine(String arguments, String message) throws Exception {
    Jar refused = predict(arguments.split(" "));
    assertEquals(3, refused.exitCode(), refused.output());
    assertTrue(refused.output().contains(message), refused.output());
    assertEquals(1, refused.output().lines().count(), refused.output());
  }
}
