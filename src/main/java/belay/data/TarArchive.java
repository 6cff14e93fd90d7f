package belay.data;

import belay.error.DataException;
import belay.error.StoppedException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.BooleanSupplier;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Unpacks a .tar.gz from a source that is not trusted: only regular files and directories, only
 * below the target, and no more than a limit.
 */
final class TarArchive {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path archive;
  private final long maxBytes;
  private final int maxEntries;

  TarArchive(Path archive, long maxBytes, int maxEntries) {
    this.archive = archive;
    this.maxBytes = maxBytes;
    this.maxEntries = maxEntries;
  }

  /**
   * Writes the archive's files below a directory; the caller forces to disk what matters.
   *
   * @param target an empty directory
   * @throws Refusal if the archive is damaged or holds what is refused
   * @throws DataException if the disk refuses
   */
  void unpack(Path target, BooleanSupplier stop) throws Refusal {
    try (InputStream file = new BufferedInputStream(Files.newInputStream(archive), BUFFER_BYTES);
        TarArchiveInputStream tar =
            new TarArchiveInputStream(new GZIPInputStream(file, BUFFER_BYTES))) {
      long bytes = 0;
      int entries = 0;
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path place = place(target, entry);
        if (++entries > maxEntries) {
          throw new Refusal("has more than %d entries".formatted(maxEntries));
        }
        if (entry.isDirectory()) {
          directory(place);
        } else {
          directory(place.getParent());
          bytes += copy(tar, place, maxBytes - bytes, stop);
        }
      }
    } catch (Refusal e) {
      throw e;
    } catch (IOException | IllegalArgumentException e) {
      // The library reports some damaged headers as illegal arguments.
      throw new Refusal(
          "is no whole .tar.gz: %s"
              .formatted(String.valueOf(e.getMessage()).replaceAll("\\s+", " ")));
    }
  }

  private Path place(Path target, TarArchiveEntry entry) throws Refusal {
    String name = entry.getName();
    byte kind = entry.getLinkFlag();
    if (kind != TarConstants.LF_NORMAL
        && kind != TarConstants.LF_OLDNORM
        && kind != TarConstants.LF_DIR) {
      throw refused(name, "is neither a file nor a directory");
    }
    Path relative;
    try {
      relative = Path.of(name);
    } catch (InvalidPathException e) {
      throw refused(name, "is no file name");
    }
    Path place = target.resolve(relative).normalize();
    boolean climbs = false;
    for (Path step : relative) {
      climbs |= step.toString().equals("..");
    }
    if (relative.isAbsolute() || climbs || !place.startsWith(target.normalize())) {
      throw refused(name, "leads out of the directory");
    }
    if (!entry.isDirectory() && place.equals(target.normalize())) {
      throw refused(name, "is no file name");
    }
    return place;
  }

  private void directory(Path place) {
    try {
      Files.createDirectories(place);
    } catch (IOException e) {
      throw unwritable(place, e);
    }
  }

  private long copy(InputStream in, Path place, long allowed, BooleanSupplier stop)
      throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long length = 0;
    try (FileChannel out = create(place)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        length += n;
        if (length > allowed) {
          throw new Refusal("unpacks to more than %d bytes".formatted(maxBytes));
        }
        if (stop.getAsBoolean()) {
          throw new StoppedException(
              "Unpacking of %s stopped; the same command continues".formatted(archive));
        }
        write(out, ByteBuffer.wrap(buffer, 0, n), place);
      }
    }
    return length;
  }

  private FileChannel create(Path place) {
    try {
      return FileChannel.open(
          place,
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw unwritable(place, e);
    }
  }

  private void write(FileChannel out, ByteBuffer bytes, Path place) {
    try {
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
    } catch (IOException e) {
      throw unwritable(place, e);
    }
  }

  private static Refusal refused(String name, String reason) {
    return new Refusal("entry '%s' %s".formatted(name.replaceAll("\\p{Cntrl}", "?"), reason));
  }

  private static DataException unwritable(Path place, IOException e) {
    return new DataException(
        "Cannot unpack %s: %s; free space or choose another directory, then run the same command"
            .formatted(place, Reason.of(e)),
        e);
  }
}
