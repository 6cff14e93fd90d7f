package belay.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path directory;

  @Test
  void thePartialFileLiesBesideAndIsHidden() {
    Path partial = AtomicFile.partial(directory.resolve("status.json"));

    assertEquals(directory, partial.getParent());
    assertTrue(partial.getFileName().toString().startsWith("."));
  }

  @Test
  void nothingHasTheFinalNameBeforePublication() throws IOException {
    Path target = directory.resolve("status.json");
    Files.writeString(AtomicFile.partial(target), "half");
    assertFalse(Files.exists(target));

    AtomicFile.publish(target);

    assertEquals("half", Files.readString(target));
    assertFalse(Files.exists(AtomicFile.partial(target)));
  }

  @Test
  void writeReplacesTheOldContent() throws IOException {
    Path target = directory.resolve("status.json");
    AtomicFile.write(target, "a long first content");
    AtomicFile.write(target, "second: é");

    assertEquals("second: é", Files.readString(target));
  }

  @Test
  void aFailedWriteLeavesTheOldContent() throws IOException {
    Path target = directory.resolve("status.json");
    AtomicFile.write(target, "old");
    // Stands for a full disk: the partial file cannot be written.
    Files.createDirectory(AtomicFile.partial(target));

    assertThrows(IOException.class, () -> AtomicFile.write(target, "new"));
    assertEquals("old", Files.readString(target));
  }

  @Test
  void aFailedWriteLeavesNothingBehind() throws IOException {
    Path target = directory.resolve("status.json");
    Files.createDirectories(target.resolve("in the way"));

    assertThrows(IOException.class, () -> AtomicFile.write(target, "new"));
    assertFalse(Files.exists(AtomicFile.partial(target)));
  }

  @Test
  void aProcessDeletesItsOwnPartialFilesAndNobodyElses() throws IOException {
    Path other = Files.writeString(directory.resolve(".status.json.1f.partial"), "theirs");
    Files.writeString(AtomicFile.partial(directory.resolve("metrics.prom")), "ours");

    AtomicFile.deleteOwnPartial(directory);

    assertEquals(List.of(other), AtomicFile.partials(directory));
  }

  @Test
  void aDirectoryNamedAsAPartialFileIsInNobodysWay() throws IOException {
    Files.createDirectories(directory.resolve(".x.partial/within"));
    AtomicFile.deletePartial(directory);
    AtomicFile.deletePartial(directory.resolve("missing"));
  }

  @Test
  void aPartialFileOfAKilledProcessIsOverwritten() throws IOException {
    Path target = directory.resolve("status.json");
    Files.writeString(AtomicFile.partial(target), "something much longer than the new content");

    AtomicFile.write(target, "new");

    assertEquals("new", Files.readString(target));
  }

  @Test
  void publishingWithoutAPartialFileFails() {
    assertThrows(
        NoSuchFileException.class, () -> AtomicFile.publish(directory.resolve("status.json")));
  }

  @Test
  void linesAreAppended() throws IOException {
    Path target = directory.resolve("attempts.jsonl");
    AtomicFile.appendLine(target, "one");
    AtomicFile.appendLine(target, "zwei: ü");

    assertEquals(List.of("one", "zwei: ü"), Files.readAllLines(target));
  }

  @Test
  void aNameWithoutDirectoryIsInTheWorkingDirectory() throws IOException {
    Path target = Path.of("atomic-file-test-" + ProcessHandle.current().pid());
    try {
      AtomicFile.write(target, "here");
      assertEquals("here", Files.readString(target));
    } finally {
      Files.deleteIfExists(target);
    }
  }
}
