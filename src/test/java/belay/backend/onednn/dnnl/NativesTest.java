package belay.backend.onednn.dnnl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import belay.error.DeviceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the native libraries go. */
class NativesTest {
  @TempDir Path temporary;

  @BeforeAll
  static void needsThePlatform() {
    assumeTrue(Natives.problem().isEmpty(), () -> Natives.problem().get());
  }

  @Test
  void unpacksOnceIntoADirectoryOfTheUserAlone() throws IOException {
    Path first = Natives.unpack(temporary);
    Path library = first.resolve("libdnnl.so.3");
    FileTime written = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(library, written);
    assertEquals(first, Natives.unpack(temporary));
    assertEquals(written, Files.getLastModifiedTime(library));
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(first.getParent())));
  }

  @Test
  void replacesATruncatedLibrary() throws IOException {
    Path library = Natives.unpack(temporary).resolve("libgomp.so.1");
    long size = Files.size(library);
    Files.write(library, new byte[10]);
    Natives.unpack(temporary);
    assertEquals(size, Files.size(library));
  }

  @Test
  void avoidsADirectoryThatOthersCouldHaveWrittenTo() throws IOException {
    Path usual = Natives.unpack(temporary).getParent();
    Files.setPosixFilePermissions(usual, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path other = Natives.unpack(temporary).getParent();
    assertNotEquals(usual, other);
    assertTrue(other.startsWith(temporary));
  }

  @Test
  void fallsBackWhereADirectoryIsMissingOrForbidsExecution() throws IOException {
    Path file = Files.createFile(temporary.resolve("file"));
    Path noexec = Files.createDirectory(temporary.resolve("noexec"));
    Path good = Files.createDirectory(temporary.resolve("good"));
    Set<Path> all = new LinkedHashSet<>(List.of(file.resolve("absent"), noexec, good));
    assertTrue(Natives.firstUsable(all, onlyBelow(good)).startsWith(good));
  }

  @Test
  void saysWhatIsWrongWithEachDirectoryAndWhatToSet() throws IOException {
    Path file = Files.createFile(temporary.resolve("file"));
    Path noexec = Files.createDirectory(temporary.resolve("noexec"));
    Set<Path> all = new LinkedHashSet<>(List.of(file, noexec));
    String message =
        assertThrows(
                DeviceException.class,
                () -> Natives.firstUsable(all, onlyBelow(file.resolve("none"))))
            .getMessage();
    assertTrue(message.contains(file + " ("), message);
    assertTrue(message.contains(noexec + " (does not allow execution: no segment)"), message);
    assertTrue(message.contains("set TMPDIR to a node-local directory"), message);
  }

  private static Consumer<Path> onlyBelow(Path good) {
    return directory -> {
      if (!directory.startsWith(good)) {
        throw new UnsatisfiedLinkError(directory + ": no segment");
      }
    };
  }
}
