package belay.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.error.DataException;
import belay.error.StoppedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarArchiveTest {
  @TempDir Path directory;
  private Path target;

  @BeforeEach
  void makeTarget() throws IOException {
    target = Files.createDirectories(directory.resolve("deep/target"));
  }

  private void unpack(byte[] archive) throws IOException {
    Path file = Files.write(directory.resolve("a.tar.gz"), archive);
    new TarArchive(file, 1_000, 10).unpack(target, () -> false);
  }

  private void refuses(byte[] archive, String words) throws IOException {
    Refusal problem = assertThrows(Refusal.class, () -> unpack(archive));
    assertTrue(problem.getMessage().contains(words), problem::getMessage);
    assertFalse(problem.getMessage().contains("\n"), problem::getMessage);
    onlyTargetIsWritten();
  }

  private void onlyTargetIsWritten() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      assertTrue(
          files
              .filter(path -> !path.startsWith(target) && !path.endsWith("a.tar.gz"))
              .allMatch(Files::isDirectory));
    }
    try (Stream<Path> files = Files.walk(target)) {
      assertTrue(files.noneMatch(Files::isSymbolicLink));
    }
  }

  @Test
  void unpacksFilesAndDirectories() throws IOException {
    unpack(
        new TestArchive()
            .special("./", TarConstants.LF_DIR, "")
            .file("./a", "1")
            .special("d/", TarConstants.LF_DIR, "")
            .file("d/b", "2")
            .file("e/f/c", "")
            .finish());

    assertEquals("1", Files.readString(target.resolve("a")));
    assertEquals("2", Files.readString(target.resolve("d/b")));
    assertEquals("", Files.readString(target.resolve("e/f/c")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../evil", "a/../../evil", "/tmp/belay-evil", "..", "a/../b", "d/../../x/evil"})
  void refusesNamesThatLeadOut(String name) throws IOException {
    refuses(
        new TestArchive().file("good", "1").file(name, "2").finish(), "leads out of the directory");
  }

  @ParameterizedTest
  @ValueSource(
      bytes = {
        TarConstants.LF_SYMLINK,
        TarConstants.LF_LINK,
        TarConstants.LF_FIFO,
        TarConstants.LF_CHR,
        TarConstants.LF_BLK
      })
  void refusesWhatIsNeitherFileNorDirectory(byte kind) throws IOException {
    refuses(
        new TestArchive().special("link", kind, "/etc").file("link/passwd", "2").finish(),
        "entry 'link' is neither a file nor a directory");
  }

  @Test
  void refusesMoreBytesThanTheLimit() throws IOException {
    refuses(
        new TestArchive().file("a", new byte[600]).file("b", new byte[401]).finish(),
        "unpacks to more than 1000 bytes");
    unpack(new TestArchive().file("a", new byte[600]).file("b", new byte[400]).finish());
  }

  @Test
  void refusesMoreEntriesThanTheLimit() throws IOException {
    TestArchive archive = new TestArchive();
    for (int i = 0; i < 11; i++) {
      archive.file("f" + i, "");
    }
    refuses(archive.finish(), "more than 10 entries");
  }

  @Test
  void refusesATruncatedArchive() throws IOException {
    byte[] noise = new byte[900];
    new Random(1).nextBytes(noise);
    byte[] whole = new TestArchive().file("a", noise).finish();
    refuses(Arrays.copyOf(whole, whole.length / 2), "is no whole .tar.gz");
  }

  @Test
  void refusesAPageInPlaceOfAnArchive() throws IOException {
    refuses("<html>Please log in</html>".getBytes(), "is no whole .tar.gz");
  }

  @Test
  void stopsWhenAsked() throws IOException {
    Path file =
        Files.write(directory.resolve("a.tar.gz"), new TestArchive().file("a", "1").finish());
    assertThrows(
        StoppedException.class, () -> new TarArchive(file, 1_000, 10).unpack(target, () -> true));
  }

  @Test
  void aDamagedArchiveUnpacksOrIsRefused() throws IOException {
    byte[] whole =
        new TestArchive().file("d/a", "some text").file("b", new byte[300]).file("c", "3").finish();
    // Without compression's checksum most damages would reach the tar reader.
    byte[] tar = new GZIPInputStream(new ByteArrayInputStream(whole)).readAllBytes();
    Random random = new Random(5);
    int refused = 0;
    for (int i = 0; i < 60; i++) {
      byte[] damaged = tar.clone();
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        // Headers lie at 0, 1024 and 2048.
        damaged[1024 * random.nextInt(3) + random.nextInt(160)] = (byte) random.nextInt(256);
      }
      try {
        unpack(compress(fixChecksums(damaged)));
      } catch (Refusal | DataException e) {
        refused++;
        assertFalse(e.getMessage().contains("\n"), e::getMessage);
      }
    }
    assertTrue(refused > 10, "only " + refused + " were refused");
    onlyTargetIsWritten();
  }

  /** So that damages of a header are believed. */
  private static byte[] fixChecksums(byte[] tar) {
    for (int header = 0; header + 512 <= tar.length; header += 512) {
      if (tar[header + 257] == 'u') {
        Arrays.fill(tar, header + 148, header + 156, (byte) ' ');
        int sum = 0;
        for (int i = 0; i < 512; i++) {
          sum += tar[header + i] & 0xFF;
        }
        byte[] octal = "%06o\0 ".formatted(sum).getBytes();
        System.arraycopy(octal, 0, tar, header + 148, 8);
      }
    }
    return tar;
  }

  private static byte[] compress(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    }
    return bytes.toByteArray();
  }
}
