package belay.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Builds .tar.gz files, honest and other ones. */
final class TestArchive {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarArchiveOutputStream tar;

  TestArchive() throws IOException {
    tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes));
  }

  /** The data set as its authors would pack it. */
  static byte[] of(Dataset dataset, CifarLayout layout, Path scratch) throws IOException {
    new CifarWriter(scratch, layout).write(dataset);
    TestArchive archive = new TestArchive();
    archive.special("cifar-10-batches-bin/", TarConstants.LF_DIR, "");
    for (String name : layout.recordFiles().toList()) {
      archive.file("cifar-10-batches-bin/" + name, Files.readAllBytes(scratch.resolve(name)));
    }
    archive.file(
        "cifar-10-batches-bin/" + layout.namesFile(),
        Files.readAllBytes(scratch.resolve(layout.namesFile())));
    return archive.finish();
  }

  TestArchive file(String name, byte[] content) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
    return this;
  }

  TestArchive file(String name, String content) throws IOException {
    return file(name, content.getBytes(StandardCharsets.UTF_8));
  }

  TestArchive special(String name, byte kind, String link) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, kind, true);
    entry.setLinkName(link);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
    return this;
  }

  byte[] finish() throws IOException {
    tar.close();
    return bytes.toByteArray();
  }

  static String md5(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
