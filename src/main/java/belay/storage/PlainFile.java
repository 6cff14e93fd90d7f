package belay.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;

/**
 * The one way to files of a run, and to small files that somebody names: regular files only, and no
 * larger than they have a reason to be. A named pipe would keep its reader waiting for ever, a
 * device never ends, and a symbolic link, which whoever may write into a run directory can put
 * there, would lead a writer to any other file of its user.
 *
 * <p>Between the look at a file and its opening somebody may put a pipe in its place, and somebody
 * who may rename a directory of the run can put a link in that one's place; docs/security.md says
 * what that leaves.
 */
public final class PlainFile {
  /** Files that people write, and those that tell of a run's state. */
  public static final int SMALL = 1 << 20;

  private PlainFile() {}

  /**
   * All bytes of a file that somebody names; links are followed.
   *
   * @param most bytes that it may have
   * @throws UnfitFileException if it is no regular file, or larger
   */
  public static byte[] read(Path file, int most) throws IOException {
    return readAll(file, most);
  }

  /**
   * The same of a file, or of a pipe that bash makes of &lt;(...) and hands over open: /dev/fd/63.
   */
  public static byte[] readGiven(Path file, int most) throws IOException {
    boolean isOpen = file.startsWith("/dev/fd") || file.startsWith("/proc/self/fd");
    return isOpen ? readOpened(file, most) : read(file, most);
  }

  /** The same of a file of a run: a link in its place is refused. */
  public static byte[] readOwn(Path file, int most) throws IOException {
    return readAll(file, most, LinkOption.NOFOLLOW_LINKS);
  }

  /** The text of a small file of a run, in UTF-8. */
  public static String textOwn(Path file) throws IOException {
    return new String(readOwn(file, SMALL), StandardCharsets.UTF_8);
  }

  private static byte[] readAll(Path file, int most, LinkOption... links) throws IOException {
    requireRegular(file, links);
    return readOpened(file, most, links);
  }

  private static byte[] readOpened(Path file, int most, LinkOption... links) throws IOException {
    try (InputStream in = Files.newInputStream(file, links)) {
      byte[] bytes = in.readNBytes(most + 1); // at once: somebody may be writing it
      if (bytes.length > most) {
        throw new UnfitFileException(
            file, "has more than %,d bytes, as no such file has".formatted(most));
      }
      return bytes;
    }
  }

  /** Opens a file of a run, of any size, to read from wherever. */
  public static FileChannel look(Path file) throws IOException {
    requireRegular(file, LinkOption.NOFOLLOW_LINKS);
    return FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  }

  /** Opens a file of a run to write at its end, and makes it if it is missing. */
  public static FileChannel append(Path file) throws IOException {
    requireFit(file);
    return FileChannel.open(
        file,
        StandardOpenOption.CREATE,
        StandardOpenOption.WRITE,
        StandardOpenOption.APPEND,
        LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Looks whether a file of a run may be written, without opening it: for one that another program
   * opens. It may be missing.
   */
  public static void requireFit(Path file) throws IOException {
    try {
      requireRegular(file, LinkOption.NOFOLLOW_LINKS);
      requireOnlyName(file);
    } catch (NoSuchFileException e) {
      // Made when it is opened.
    }
  }

  /** Under another name it may be a file of this user that somebody has linked to. */
  private static void requireOnlyName(Path file) throws IOException {
    try {
      Object names = Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS);
      if (((Number) names).longValue() > 1) {
        throw new UnfitFileException(file, "has another name too: copy it, and remove the link");
      }
    } catch (NoSuchFileException | UnsupportedOperationException e) {
      // Made now; or no such system.
    }
  }

  /** Opens a file of a run that is there, to change it in place. */
  public static FileChannel change(Path file) throws IOException {
    requireOnlyName(file);
    return changeFresh(file);
  }

  /** The same of one that had a second name a moment ago, as a lease has that was just taken. */
  public static FileChannel changeFresh(Path file) throws IOException {
    requireRegular(file, LinkOption.NOFOLLOW_LINKS);
    return FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
  }

  /** An empty file that nobody else has, in place of whatever file or link bears the name. */
  public static FileChannel fresh(Path file) throws IOException {
    try {
      return create(file);
    } catch (FileAlreadyExistsException e) {
      if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
      Files.deleteIfExists(file);
      return create(file);
    }
  }

  private static FileChannel create(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /**
   * Makes a directory of a run if it is missing, with its parents; a link is refused.
   *
   * @param attributes of directories that are made
   */
  public static void directory(Path directory, FileAttribute<?>... attributes) throws IOException {
    requireNoLink(directory);
    AtomicFile.createDirectories(directory, attributes);
  }

  /** Looks at the place of a directory of a run, which may be missing. */
  public static void requireNoLink(Path directory) throws IOException {
    if (Files.isSymbolicLink(directory)) {
      throw new UnfitFileException(
          directory, "is a symbolic link, expected a directory; link the run directory as a whole");
    }
  }

  /**
   * @throws NoSuchFileException if it is missing
   * @throws UnfitFileException if it is anything but a regular file
   */
  private static void requireRegular(Path file, LinkOption... links) throws IOException {
    BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class, links);
    if (!found.isRegularFile()) {
      String kind =
          found.isSymbolicLink()
              ? "a symbolic link"
              : found.isDirectory() ? "a directory" : "a pipe, socket or device";
      throw new UnfitFileException(file, "is " + kind + ", expected a regular file");
    }
  }
}
