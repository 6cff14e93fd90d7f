package belay.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class PlainFileTest {
  @TempDir Path directory;
  private Path file;
  private Path treasure;
  private Path link;

  @BeforeEach
  void lay() throws IOException {
    file = Files.writeString(directory.resolve("file"), "12345");
    treasure = Files.writeString(directory.resolve("treasure"), "somebody else's");
    link = Files.createSymbolicLink(directory.resolve("link"), treasure);
  }

  @Test
  void readsWhatIsThere() throws IOException {
    assertArrayEquals("12345".getBytes(), PlainFile.read(file, 5));
    assertArrayEquals("12345".getBytes(), PlainFile.readOwn(file, 5));
    assertEquals("12345", PlainFile.textOwn(file));
    assertThrows(NoSuchFileException.class, () -> PlainFile.read(directory.resolve("none"), 5));
  }

  @Test
  void readsNoMoreThanItHasAReasonTo() {
    assertRefuses("has more than 4 bytes", () -> PlainFile.read(file, 4));
    assertRefuses("expected a regular file", () -> PlainFile.read(Path.of("/dev/zero"), 4));
  }

  @Test
  void aPipeKeepsNobodyWaiting() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    assertRefuses("a pipe, socket or device", () -> PlainFile.read(pipe, 5));
    assertRefuses("a pipe, socket or device", () -> PlainFile.append(pipe));
    assertRefuses("a pipe, socket or device", () -> PlainFile.change(pipe));
    PlainFile.fresh(pipe).close();
    assertTrue(Files.isRegularFile(pipe));
  }

  @Test
  void onlyAPipeThatTheShellHandsOverIsReadFrom() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    assertRefuses("a pipe, socket or device", () -> PlainFile.readGiven(pipe, 5));
    assertArrayEquals("12345".getBytes(), PlainFile.readGiven(file, 5));
    Process shell =
        new ProcessBuilder(
                "bash",
                "-c",
                "exec \"$0\" -cp \"$1\" \"$2\" <(echo given)",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                System.getProperty("java.class.path"),
                PlainFileProgram.class.getName())
            .start();
    assertEquals("given", new String(shell.getInputStream().readAllBytes()).strip());
  }

  @Test
  void aLinkIsFollowedOnlyWhereSomebodyNamesTheFile() throws IOException {
    assertArrayEquals("somebody else's".getBytes(), PlainFile.read(link, 100));
    assertRefuses("link is a symbolic link", () -> PlainFile.readOwn(link, 100));
  }

  @Test
  void whatALinkLeadsToIsNeverChanged() throws IOException {
    assertRefuses("link is a symbolic link", () -> PlainFile.append(link));
    assertRefuses("link is a symbolic link", () -> PlainFile.change(link));
    AtomicFile.write(link, "ours");
    assertEquals("ours", Files.readString(link));
    assertFalse(Files.isSymbolicLink(link));
    assertEquals("somebody else's", Files.readString(treasure));
  }

  @Test
  void aLinkThatWaitsUnderThePartialNameIsReplaced() throws IOException {
    Path target = directory.resolve("status.json");
    Files.createSymbolicLink(AtomicFile.partial(target), treasure);
    AtomicFile.write(target, "ours");
    assertEquals("ours", Files.readString(target));
    assertEquals("somebody else's", Files.readString(treasure));
  }

  @Test
  void aDanglingLinkMakesNoFileElsewhere() throws IOException {
    Path elsewhere = directory.resolve("elsewhere");
    Path dangling = Files.createSymbolicLink(directory.resolve("dangling"), elsewhere);
    assertRefuses("is a symbolic link", () -> PlainFile.append(dangling));
    PlainFile.fresh(dangling).close();
    assertFalse(Files.exists(elsewhere));
  }

  @Test
  void appendsAndChanges() throws IOException {
    write(PlainFile.append(file), "6");
    write(PlainFile.append(directory.resolve("new")), "a");
    write(PlainFile.change(file), "_");
    assertEquals("_23456", Files.readString(file));
    assertEquals("a", Files.readString(directory.resolve("new")));
  }

  @Test
  void aDirectoryIsMadeButNoLinkToOneIsTaken() throws IOException {
    PlainFile.directory(directory.resolve("a/b"));
    PlainFile.directory(directory.resolve("a/b"));
    assertTrue(Files.isDirectory(directory.resolve("a/b")));
    Path other = Files.createSymbolicLink(directory.resolve("c"), directory.resolve("a"));
    assertRefuses("is a symbolic link", () -> PlainFile.directory(other));
  }

  private static void write(FileChannel channel, String text) throws IOException {
    try (channel) {
      channel.write(ByteBuffer.wrap(text.getBytes()));
    }
  }

  private static void assertRefuses(String reason, Executable work) {
    FileSystemException problem =
        assertTimeoutPreemptively(
            Duration.ofSeconds(20), () -> assertThrows(FileSystemException.class, work));
    assertTrue(problem.getReason().contains(reason), problem.getReason());
  }

  /** A member of a group can link a file of ours into a directory that all may write to. */
  @Test
  void anotherNameOfAFileElsewhereIsNotWritten() throws IOException {
    Path precious = Files.writeString(directory.resolve("precious"), "precious");
    Path linked = Files.createLink(directory.resolve("attempts.jsonl"), precious);
    assertThrows(UnfitFileException.class, () -> PlainFile.append(linked).close());
    assertThrows(UnfitFileException.class, () -> PlainFile.change(linked).close());
    assertEquals("precious", Files.readString(precious));
  }
}
