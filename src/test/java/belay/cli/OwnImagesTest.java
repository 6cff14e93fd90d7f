package belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.data.Dataset;
import belay.data.ImageShape;
import belay.data.source.WrittenImages;
import belay.error.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs on images of other formats than CIFAR-10's, from training to the trail back. */
class OwnImagesTest {
  private static final ImageShape COLOUR = new ImageShape(12, 9, 3);
  private static final ImageShape GREY = new ImageShape(28, 28, 1);

  @TempDir Path directory;

  private Path pictures;
  private Path mnist;

  @BeforeEach
  void write() throws IOException {
    pictures = directory.resolve("pictures");
    WrittenImages.pictures(pictures, WrittenImages.dataset(COLOUR, 60, 3, 1).train());
    mnist = directory.resolve("mnist");
    Dataset grey = WrittenImages.dataset(GREY, 40, 20, 2);
    WrittenImages.mnist(mnist, grey);
    net("colour.net", "8x8x3", 3);
    net("grey.net", "28x28x1", 1);
  }

  private void net(String name, String input, int channels) throws IOException {
    Files.writeString(
        directory.resolve(name),
        "input %s\nmaxpool 4\nconv 2 name=enc1\nrelu\nlatent\nconv %d\nupsample 4\n"
            .formatted(input, channels));
  }

  private InProcess.Outcome execute(String... arguments) {
    InProcess.Outcome outcome = InProcess.execute(arguments);
    assertFalse(outcome.showsTrace(), outcome::errors);
    return outcome;
  }

  private InProcess.Outcome stage(String stage, Path images, String network, String... keys) {
    List<String> words = new ArrayList<>(List.of(stage, "--run", at("run")));
    List<String> all =
        new ArrayList<>(
            List.of(
                "backend=reference",
                "data.dir=" + images,
                "train.network=" + directory.resolve(network),
                "train.batch=16",
                "train.epochs=1",
                "metrics.profile=false",
                "train.warmup-steps=1"));
    all.addAll(List.of(keys));
    all.forEach(key -> words.addAll(List.of("--set", key)));
    return execute(words.toArray(String[]::new));
  }

  private String at(String name) {
    return directory.resolve(name).toString();
  }

  private static InProcess.Outcome done(InProcess.Outcome outcome) {
    assertEquals(0, outcome.exitCode(), outcome::errors);
    return outcome;
  }

  @Test
  void picturesGoThroughThePipelineAndBackToTheirSource() {
    done(stage("pipeline", pictures, "colour.net"));
    InProcess.Outcome trail = done(execute("trace", at("run/svm.h5")));
    assertTrue(trail.output().contains(pictures.toString()), trail.output());
    done(execute("inspect", at("run"), "--images", at("seen")));
    assertTrue(Files.exists(directory.resolve("seen/reconstructions.png")));
    InProcess.Outcome classes =
        done(execute("predict", "--run", at("run"), pictures.resolve("bee").toString()));
    assertEquals(20, classes.output().lines().filter(line -> line.contains(".png")).count());
    done(execute("report", at("run"), "-o", at("report.html")));
  }

  @Test
  void idxGoesThroughThePipeline() {
    done(stage("pipeline", mnist, "grey.net"));
    done(execute("trace", at("run/features.h5")));
  }

  @Test
  void aRunGoesOnWithTheCacheOfAnother() {
    done(stage("train", pictures, "colour.net"));
    InProcess.Outcome more = done(stage("extract", pictures, "colour.net"));
    assertTrue(more.errors().contains("cache=used"), more.errors());
  }

  @Test
  void anotherShapeIsRefusedInOneSentence() {
    InProcess.Outcome outcome = stage("train", mnist, "colour.net");
    assertEquals(ExitCode.USAGE.code(), outcome.exitCode());
    assertTrue(
        outcome.errors().contains("images of 28 x 28 x 1, the network takes 8 x 8 x 3"),
        outcome.errors());
    InProcess.Outcome key = stage("train", mnist, "grey.net", "data.channels=3");
    assertEquals(ExitCode.USAGE.code(), key.exitCode());
    assertTrue(key.errors().contains("data.channels"), key.errors());
  }

  @Test
  void dataTellsWhatThereIs() {
    String network = "train.network=" + directory.resolve("grey.net");
    String text = done(execute("data", mnist.toString(), "--set", network)).output();
    assertTrue(text.contains("IDX files") && text.contains("28 x 28 x 1"), text);
    assertTrue(text.contains("grey takes them"), text);
    String json = done(execute("data", mnist.toString(), "--json")).output();
    assertTrue(json.contains("\"training-images\": 40") && json.contains("\"mean\": 0.4"), json);
    assertTrue(json.contains("takes 32 x 32 x 3"), json);
  }

  @Test
  void dataNamesDamagedPicturesAndTrainRefusesThem() throws IOException {
    Files.write(pictures.resolve("cat/00002.png"), new byte[] {7});
    InProcess.Outcome sheet = execute("data", pictures.toString());
    assertEquals(ExitCode.DATA.code(), sheet.exitCode());
    assertTrue(sheet.output().contains("cat/00002.png: is no PNG"), sheet.output());
    InProcess.Outcome train = stage("train", pictures, "colour.net");
    assertEquals(ExitCode.DATA.code(), train.exitCode());
    assertTrue(train.errors().contains("1 of 60 pictures cannot be read"), train.errors());
    done(stage("train", pictures, "colour.net", "data.skip-damaged=true"));
  }

  @Test
  void submitLooksAtTheImages() {
    InProcess.Outcome outcome =
        execute(
            "submit",
            "train",
            "--run",
            at("run"),
            "--dry-run",
            "--gpu",
            "none",
            "--set",
            "data.dir=" + mnist,
            "--set",
            "train.network=" + at("colour.net"),
            "--set",
            "cluster.scheduler=slurm");
    assertTrue(outcome.errors().contains("the network takes 8 x 8 x 3"), outcome.errors());
  }
}
