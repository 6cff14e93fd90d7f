package belay.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.ArrayList;
import java.util.List;

/**
 * Files that appear whole or not at all: written beside their final name, forced to disk, renamed,
 * and the directory forced too, so that neither a kill nor a power cut leaves half a file under the
 * final name.
 */
public final class AtomicFile {
  private static final String PARTIAL = ".partial";
  private static final String DAMAGED = ".damaged";

  // Of its own in every process: one that slept while another took its place must not rename that
  // one's half-written file.
  private static final String PROCESS =
      Long.toHexString(ProcessHandle.current().pid() ^ System.nanoTime() << 22);

  private AtomicFile() {}

  /** Where to write the content of {@code target} before {@link #publish}. */
  public static Path partial(Path target) {
    return target.resolveSibling("." + target.getFileName() + "." + PROCESS + PARTIAL);
  }

  /** Deletes what killed processes left half-written in a directory that only we write into. */
  public static void deletePartial(Path directory) throws IOException {
    delete(directory, ".*" + PARTIAL);
  }

  /** Deletes what this process has left half-written, whoever else writes into the directory. */
  public static void deleteOwnPartial(Path directory) throws IOException {
    delete(directory, ".*." + PROCESS + PARTIAL);
  }

  /** What is half-written in a directory; none if it is missing. */
  public static List<Path> partials(Path directory) throws IOException {
    return list(directory, ".*" + PARTIAL);
  }

  private static void delete(Path directory, String pattern) throws IOException {
    for (Path partial : list(directory, pattern)) {
      Files.deleteIfExists(partial);
    }
  }

  private static List<Path> list(Path directory, String pattern) throws IOException {
    List<Path> files = new ArrayList<>();
    if (!Files.isDirectory(directory)) {
      return files; // a pipe would not even open
    }
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, pattern)) {
      for (Path file : found) {
        if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
          files.add(file);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
    return files;
  }

  /** Makes the finished partial file durable and gives it its final name, replacing an old one. */
  public static void publish(Path target) throws IOException {
    Path partial = partial(target);
    force(partial, StandardOpenOption.WRITE);
    Files.move(
        partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    forceDirectory(target);
  }

  /**
   * Takes the name from a file that nobody may use, and keeps the file.
   *
   * @return its new name, {@link #aside}
   */
  public static Path setAside(Path file) throws IOException {
    Path aside = aside(file);
    Files.move(file, aside);
    forceDirectory(aside);
    return aside;
  }

  /** NAME.damaged, or NAME.damaged.2 and so on where that is taken. */
  public static Path aside(Path file) {
    Path aside = file.resolveSibling(file.getFileName() + DAMAGED);
    for (int number = 2; Files.exists(aside, LinkOption.NOFOLLOW_LINKS); number++) {
      aside = file.resolveSibling(file.getFileName() + DAMAGED + "." + number);
    }
    return aside;
  }

  /** The partial file, empty and open. */
  public static FileChannel create(Path target) throws IOException {
    return PlainFile.fresh(partial(target));
  }

  /** Replaces the whole content of a text file. */
  public static void write(Path target, String content) throws IOException {
    write(target, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Replaces the whole content of a file. */
  public static void write(Path target, byte[] content) throws IOException {
    try {
      try (FileChannel channel = create(target)) {
        append(channel, content);
      }
      publish(target);
    } catch (IOException refused) {
      discard(partial(target), refused);
      throw refused;
    }
  }

  private static void discard(Path partial, IOException cause) {
    try {
      Files.deleteIfExists(partial);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** Appends one line and forces it to disk. */
  public static void appendLine(Path target, String line) throws IOException {
    try (FileChannel channel = PlainFile.append(target)) {
      append(channel, (line + "\n").getBytes(StandardCharsets.UTF_8));
      channel.force(false);
    }
  }

  /**
   * Makes a directory with its parents, each of them durable in the one that holds it.
   *
   * @param attributes of directories that are made
   */
  public static void createDirectories(Path directory, FileAttribute<?>... attributes)
      throws IOException {
    Path whole = directory.toAbsolutePath();
    if (Files.isDirectory(whole)) {
      return;
    }
    if (whole.getParent() != null) {
      createDirectories(whole.getParent(), attributes);
    }
    Files.createDirectories(whole, attributes); // somebody else may just have made it
    forceEntries(whole.getParent());
  }

  /** Makes durable which names a directory holds, where this process may read it. */
  public static void forceEntries(Path directory) throws IOException {
    try {
      force(directory, StandardOpenOption.READ);
    } catch (AccessDeniedException notOurs) {
      // As home directories of others may be: whoever owns it has made it durable long ago.
    }
  }

  private static void append(FileChannel channel, byte[] content) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static void forceDirectory(Path file) throws IOException {
    force(file.toAbsolutePath().getParent(), StandardOpenOption.READ);
  }

  private static void force(Path path, StandardOpenOption mode) throws IOException {
    try (FileChannel channel = FileChannel.open(path, mode)) {
      channel.force(true);
    }
  }
}
