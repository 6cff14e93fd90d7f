package belay.conf;

import belay.conf.settings.Problems;
import belay.error.ConfigurationException;
import belay.storage.DiskProblem;
import belay.storage.PlainFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A small UTF-8 file on disk or in the jar.
 *
 * @param name its path on disk or in the jar
 * @param place where it is
 */
record TextFile(String name, Place place) {
  private enum Place {
    JAR,
    /** A file, or a pipe such as bash makes of &lt;(...). */
    DISK,
    RUN
  }

  /** A configuration has 50 lines; who gives a data file by mistake should hear of it at once. */
  private static final int MOST_BYTES = 1 << 20;

  private static final String SUFFIX = ".properties";
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  static TextFile onDisk(String path) {
    return new TextFile(path, Place.DISK);
  }

  /** A file of a run directory, where others may have put something else in its place. */
  static TextFile ofRun(String path) {
    return new TextFile(path, Place.RUN);
  }

  static TextFile inJar(String name) {
    return new TextFile(name, Place.JAR);
  }

  /**
   * A bare word names a file of the jar, anything else is a path.
   *
   * @param folder conf/run or conf/site
   */
  static TextFile named(String word, String folder) {
    boolean path = word.isEmpty() || word.contains("/") || word.endsWith(SUFFIX);
    return path ? onDisk(word) : inJar(folder + "/" + word + SUFFIX);
  }

  /** What problems and entries call it. */
  String label() {
    return Problems.printable(place == Place.JAR ? "jar:" + name : name);
  }

  /**
   * The text.
   *
   * @throws ConfigurationException if there is none, in one line with the file's name
   */
  String read() {
    try {
      return decode(bytes());
    } catch (NoSuchFileException e) {
      throw problem("does not exist", e);
    } catch (AccessDeniedException e) {
      throw problem("cannot be read: permission denied", e);
    } catch (InvalidPathException e) {
      throw problem("is not a path", e);
    } catch (IOException e) {
      throw problem("cannot be read: " + Problems.printable(DiskProblem.reason(e)), e);
    }
  }

  private byte[] bytes() throws IOException {
    if (place == Place.JAR) {
      return inJar();
    }
    Path path = Path.of(name);
    if (Files.isDirectory(path)) {
      throw problem("is a directory, not a file", null);
    }
    return place == Place.RUN
        ? PlainFile.readOwn(path, MOST_BYTES)
        : PlainFile.readGiven(path, MOST_BYTES);
  }

  private byte[] inJar() throws IOException {
    try (InputStream in = TextFile.class.getResourceAsStream("/" + name)) {
      if (in == null) {
        throw problem("is not in the jar; write ./NAME for a file of your own", null);
      }
      return in.readAllBytes();
    }
  }

  private String decode(byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    if (decoder.decode(in, out, true).isError()) {
      throw new ConfigurationException(
          label() + ":" + lineOf(in.position(), bytes) + " is not UTF-8 text");
    }
    String text = out.flip().toString();
    boolean marked = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK;
    return marked ? text.substring(1) : text;
  }

  private static int lineOf(int offset, byte[] bytes) {
    int line = 1;
    for (int i = 0; i < offset; i++) {
      line += bytes[i] == '\n' ? 1 : 0;
    }
    return line;
  }

  private ConfigurationException problem(String what, Exception cause) {
    return new ConfigurationException(label() + " " + what, cause);
  }
}
