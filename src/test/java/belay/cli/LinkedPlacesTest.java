package belay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links that somebody has put where a stage writes: what they lead to stays as it is. */
class LinkedPlacesTest {
  @TempDir private Path directory;
  private Path elsewhere;

  @BeforeEach
  void makeImages() throws IOException {
    elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Files.writeString(
        directory.resolve("tiny.net"),
        "input 32x32x3\nmaxpool 8\nconv 1\nlatent\nconv 3\nupsample 8\n");
    String data = directory.resolve("data").toString();
    assertEquals(0, InProcess.execute("sample", data, "--train", "20", "--test", "5").exitCode());
  }

  @Test
  void aLogThatIsALinkIsNotWritten() throws IOException {
    Path precious = Files.writeString(elsewhere.resolve("precious"), "precious");
    link("logs/belay.log", precious);
    refuses("belay.log is a symbolic link");
    assertEquals("precious", Files.readString(precious));
  }

  @Test
  void noCheckpointIsWrittenThroughALink() throws IOException {
    link("checkpoints", elsewhere);
    refuses("checkpoints is a symbolic link");
    isUntouched();
  }

  @Test
  void noCurvesAreWrittenThroughALink() throws IOException {
    link("tensorboard", elsewhere);
    train();
    assertTrue(Files.exists(directory.resolve("run/checkpoints/ckpt-0001.h5")));
    isUntouched();
  }

  private void link(String place, Path target) throws IOException {
    Path link = directory.resolve("run").resolve(place);
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, target);
  }

  private void refuses(String why) {
    InProcess.Outcome outcome = train();
    assertEquals(3, outcome.exitCode(), outcome::errors);
    assertTrue(outcome.errors().contains(why), outcome::errors);
  }

  private InProcess.Outcome train() {
    Stream<String> keys =
        Stream.of(
            "backend=reference",
            "data.dir=" + directory.resolve("data"),
            "train.network=" + directory.resolve("tiny.net"),
            "train.epochs=1",
            "train.limit=1",
            "metrics.tensorboard=true");
    Stream<String> words = keys.flatMap(key -> Stream.of("--set", key));
    String run = directory.resolve("run").toString();
    InProcess.Outcome outcome =
        InProcess.execute(
            Stream.concat(Stream.of("train", "--run", run, "--conf", "demo"), words)
                .toArray(String[]::new));
    assertFalse(outcome.showsTrace(), outcome::errors);
    return outcome;
  }

  private void isUntouched() throws IOException {
    try (Stream<Path> files = Files.list(elsewhere)) {
      assertEquals(0, files.count());
    }
  }
}
