package belay.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may put files into a directory, or another directory in its place. */
class OwnershipTest {
  private static final int NOBODY = 65534;

  @TempDir private Path root;
  private Path directory;

  @BeforeEach
  void makeDirectories() throws IOException {
    directory = Files.createDirectories(root.resolve("a/b/c"));
    for (Path place : new Path[] {root, root.resolve("a"), root.resolve("a/b"), directory}) {
      mode(place, "rwxr-xr-x");
    }
  }

  @Test
  void aDirectoryOfOnesOwnBelowOnesOwnIsSafe() throws IOException {
    assertEquals(Optional.empty(), Ownership.weakness(directory));
  }

  @Test
  void onesOwnGroupMayNotWriteIntoItOrAnyAboveIt() throws IOException {
    for (Path open : new Path[] {directory, root.resolve("a/b"), root.resolve("a")}) {
      mode(open, "rwxrwxr-x");
      assertEquals(
          Optional.of(open.toRealPath() + " may be written by others"),
          Ownership.weakness(directory));
      mode(open, "rwxr-xr-x");
    }
  }

  @Test
  void othersMayAddNamesAboveItAsInTmpButNotToItself() throws Exception {
    chmod("1777", root.resolve("a"));
    assertEquals(Optional.empty(), Ownership.weakness(directory));
    chmod("1777", directory);
    assertTrue(Ownership.weakness(directory).isPresent());
  }

  @Test
  void whatIsNotThereIsAsSafeAsWhereItWouldBeMade() throws Exception {
    assertEquals(Optional.empty(), Ownership.weakness(directory.resolve("d/e")));
    chmod("1777", directory);
    assertEquals(Optional.empty(), Ownership.weakness(directory.resolve("d/e")));
    chmod("777", directory);
    assertTrue(Ownership.weakness(directory.resolve("d/e")).isPresent());
  }

  @Test
  void aLinkIsAsSafeAsWhatItLeadsTo() throws IOException {
    Path link = Files.createSymbolicLink(root.resolve("link"), directory);
    mode(root.resolve("a"), "rwxrwxrwx");
    assertTrue(Ownership.weakness(link).isPresent());
  }

  @Test
  void whatSomebodyElseOwnsIsHis() throws IOException {
    assumeTrue((int) Files.getAttribute(root, "unix:uid") == 0, "only root gives files away");
    Files.setAttribute(root.resolve("a/b"), "unix:uid", NOBODY);
    assertEquals(
        Optional.of(root.toRealPath().resolve("a/b") + " belongs to somebody else"),
        Ownership.weakness(directory));
  }

  @Test
  void anOwnFileIsRegularAndNobodyElseMayChangeIt() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");
    mode(file, "rw-r--r--");
    assertTrue(Ownership.isOwnFile(file));
    assertFalse(Ownership.isOwnFile(Files.createSymbolicLink(directory.resolve("link"), file)));
    assertFalse(Ownership.isOwnFile(directory));
    assertFalse(Ownership.isOwnFile(directory.resolve("missing")));
    mode(file, "rw-rw-r--");
    assertFalse(Ownership.isOwnFile(file));
  }

  private static void mode(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private static void chmod(String mode, Path path) throws Exception {
    assertEquals(0, new ProcessBuilder("chmod", mode, path.toString()).start().waitFor());
  }
}
