package belay.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import belay.Child;
import belay.error.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunDirectoryTest {
  @TempDir Path parent;

  @Test
  void createsAllThatIsMissingAndKeepsTheRest() throws IOException {
    Path path = parent.resolve("runs/ae1");
    Files.writeString(RunDirectory.create(path).logs().resolve("train.log"), "first\n");
    RunDirectory again = RunDirectory.create(path);
    assertTrue(Files.isDirectory(again.checkpoints()));
    assertEquals("first\n", Files.readString(again.logs().resolve("train.log")));
  }

  @Test
  void isEmptyAtFirst() {
    RunDirectory run = RunDirectory.create(parent.resolve("run"));
    assertEquals(Optional.empty(), run.status());
    assertEquals(List.of(), run.attempts());
    assertEquals(List.of(), run.metrics());
  }

  @Test
  void opensOnlyWhatIsThere() throws IOException {
    Path file = Files.writeString(parent.resolve("file"), "");
    assertMessage("does not exist", () -> RunDirectory.open(parent.resolve("none")));
    assertMessage("is a file", () -> RunDirectory.open(file));
    assertMessage("is no run's directory", () -> RunDirectory.open(parent));
    assertMessage("is no run's directory", () -> RunDirectory.open(Path.of("/etc")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run.properties",
        "status.json",
        "attempts.jsonl",
        "lease-7.json",
        "svm.h5",
        "checkpoints/ckpt-0003.h5",
        "jobs/submitted.jsonl",
        "logs/job.log"
      })
  void opensWhateverHasBeenARun(String file) throws IOException {
    write(file);
    assertEquals(parent, RunDirectory.open(parent).path());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {".bashrc", "src/Main.java", "checkpoints/model.pt+train.py", "thesis.tex"})
  void doesNotFillADirectoryThatHoldsSomethingElse(String files) throws IOException {
    for (String file : files.split("\\+")) {
      write(file);
    }
    assertMessage(
        "and no run; name a new or an empty directory", () -> RunDirectory.create(parent));
    assertFalse(Files.exists(parent.resolve("logs")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "job.env",
        "jobs/attempt.sh",
        "logs/job.log",
        "slurm-12.out",
        "OAR.7.stdout",
        "mine.net",
        "checkpoints/notes",
        "run.properties+notes.txt",
        "checkpoints/ckpt-0001.h5+plots/a.png"
      })
  void takesADirectoryThatWasPreparedForARunOrIsOne(String files) throws IOException {
    for (String file : files.split("\\+")) {
      write(file);
    }
    assertEquals(parent, RunDirectory.create(parent).path());
  }

  private void write(String file) throws IOException {
    Files.createDirectories(parent.resolve(file).getParent());
    Files.writeString(parent.resolve(file), "");
  }

  @Test
  void saysThatAFileIsInTheWay() throws IOException {
    Path file = Files.writeString(parent.resolve("file"), "");
    assertMessage("a file is in the way", () -> RunDirectory.create(file));
    assertMessage("a file is in the way", () -> RunDirectory.create(file.resolve("run")));
  }

  @Test
  void saysThatTheParentIsNotOurs() throws Exception {
    // A superuser without the right to write anywhere is like everybody else.
    List<String> powerless = List.of("setpriv", "--bounding-set=-dac_override");
    boolean superuser = runs(powerless, "true");
    Path locked = Files.createDirectory(parent.resolve("locked"));
    assertTrue(locked.toFile().setWritable(false, false));
    String line = createIn(superuser ? powerless : List.of("env"), locked.toString());
    assertEquals(
        "Cannot create the run directory "
            + locked
            + "/run: permission denied. Use a directory of your own.",
        line);
  }

  @Test
  void saysThatTheFileSystemIsReadOnly() throws Exception {
    String line = createIn(mounted("ro"), parent.toString());
    assertTrue(line.contains("Read-only file system. Use a directory"), line);
  }

  @Test
  void saysThatTheDiskIsFull() throws Exception {
    String line = createIn(mounted("size=4k,nr_inodes=2"), parent.toString());
    assertTrue(line.contains("No space left on device. Free some space"), line);
  }

  @Test
  void saysThatTheLeaseFindsNoSpace() throws Exception {
    // Two blocks, which the directories need not, and a file that fills them.
    String line = createIn(mounted("size=8k", "head -c 8192 /dev/zero > fill;"), parent.toString());
    assertTrue(line.startsWith("Cannot take the run directory"), line);
    assertTrue(line.contains("No space left on device. Free some space"), line);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "garbage", "[]", "{}", "{\"epoch\":\"x\"}", "{\"updated\":\"x\"}"})
  void goesOnWithAnUnreadableStatus(String text) throws IOException {
    RunDirectory run = RunDirectory.create(parent.resolve("run"));
    Files.writeString(run.statusFile(), text);
    assertEquals(Optional.empty(), run.status());
  }

  /** A command that mounts a small file system over the directory for the command after it. */
  private List<String> mounted(String options, String... steps) {
    String script =
        "mount -t tmpfs -o "
            + options
            + " none \"$0\" && cd \"$0\" && { "
            + String.join(" ", steps)
            + " exec \"$@\"; }";
    return List.of("unshare", "-rm", "sh", "-c", script, parent.toString());
  }

  /** What a process prints that creates and takes a run directory there. */
  private static String createIn(List<String> prefix, String directory) throws Exception {
    assumeTrue(runs(prefix, "true"), "needs rights that are not there");
    try (Child child = Child.start(prefix, RunDirectoryProgram.class, directory + "/run")) {
      return child.line();
    }
  }

  private static boolean runs(List<String> prefix, String... command) throws Exception {
    List<String> all = new ArrayList<>(prefix);
    all.addAll(List.of(command));
    try {
      return new ProcessBuilder(all).start().waitFor() == 0;
    } catch (IOException noSuchProgram) {
      return false;
    }
  }

  private static void assertMessage(String part, org.junit.jupiter.api.function.Executable action) {
    String message = assertThrows(DataException.class, action).getMessage();
    assertTrue(message.contains(part), message);
    assertFalse(message.contains("\n"), message);
  }
}
