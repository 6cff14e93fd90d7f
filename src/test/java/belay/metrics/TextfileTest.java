package belay.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stays in a textfile when another stage of the run writes it. */
class TextfileTest {
  private static final String NAME = "a \"b\" \\ c";
  private static final String RUN = "run=\"a \\\"b\\\" \\\\ c\"";
  private static final String TRAIN =
      "{job_id=\"1\"," + RUN + ",scheduler=\"none\",stage=\"train\"}";
  private static final String CLASSIFY =
      "{job_id=\"2\"," + RUN + ",scheduler=\"none\",stage=\"classify\"}";

  @TempDir private Path directory;

  @Test
  void whatAnotherStageSaidLastStaysBelowItsLabels() throws IOException {
    Path file = directory.resolve("metrics.prom");
    write("train", family("belay_progress_ratio", "gauge", TRAIN + " 0.5"));
    write(
        "train",
        family("belay_progress_ratio", "gauge", TRAIN + " 1.0")
            + family("belay_train_epoch", "gauge", TRAIN + " 12.0")
            + family(
                "jvm_gc_pause_seconds",
                "summary",
                "_count" + TRAIN + " 3",
                "_sum" + TRAIN + " 1.5E-4"));
    write(
        "classify",
        family("belay_progress_ratio", "gauge", CLASSIFY + " NaN")
            + family(
                "jvm_gc_pause_seconds",
                "summary",
                "_count" + CLASSIFY + " 1",
                "_sum" + CLASSIFY + " 0.1"));

    assertEquals(
        family("belay_progress_ratio", "gauge", CLASSIFY + " NaN", TRAIN + " 1.0")
            + family(
                "jvm_gc_pause_seconds",
                "summary",
                "_count" + CLASSIFY + " 1",
                "_sum" + CLASSIFY + " 0.1",
                "_count" + TRAIN + " 3",
                "_sum" + TRAIN + " 1.5E-4")
            + family("belay_train_epoch", "gauge", TRAIN + " 12.0"),
        Files.readString(file));
  }

  @Test
  void theNextAttemptAtAStageReplacesWhatTheLastOneSaid() throws IOException {
    write(
        "train",
        family("belay_x", "gauge", TRAIN + " 1") + family("belay_y", "gauge", TRAIN + " 1"));
    write("train", family("belay_x", "gauge", TRAIN + " 2"));
    assertEquals(family("belay_x", "gauge", TRAIN + " 2"), read());
  }

  @Test
  void whatPrometheusWouldRefuseIsLeftOut() throws IOException {
    String bad =
        "no metric at all\n"
            + "belay_early"
            + TRAIN
            + " 1\n"
            + family("belay_x", "counter", TRAIN + " 1") // of another type by now
            + family(
                "belay_y",
                "gauge",
                "_other" + TRAIN + " 1",
                TRAIN + " one",
                TRAIN + " 1",
                TRAIN + " 2")
            + family("belay_z", "gauge", TRAIN.replace("train\"", "train") + " 1")
            + family("belay_w", "gauge", TRAIN.replace("run=", "walk=") + " 1")
            + "x".repeat(100_000);
    Files.writeString(directory.resolve("metrics.prom"), bad);
    write("classify", family("belay_x", "gauge", CLASSIFY + " 1"));
    assertEquals(
        family("belay_x", "gauge", CLASSIFY + " 1") + family("belay_y", "gauge", TRAIN + " 1"),
        read());
  }

  private String read() throws IOException {
    return Files.readString(directory.resolve("metrics.prom"));
  }

  private void write(String stage, String text) {
    RunLabels labels = new RunLabels(NAME, stage, "none", "");
    new Textfile(directory.resolve("metrics.prom"), labels, () -> {}).write(text);
  }

  private static String family(String name, String type, String... series) {
    return "# HELP "
        + name
        + " What it is\n# TYPE "
        + name
        + " "
        + type
        + "\n"
        + Arrays.stream(series).map(line -> name + line + "\n").collect(Collectors.joining());
  }
}
