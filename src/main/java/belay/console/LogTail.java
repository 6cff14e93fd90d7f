package belay.console;

import belay.log.PrintableText;
import belay.storage.PlainFile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/** Prints the end of a file that others write, and what they add; however large it is. */
public final class LogTail implements AutoCloseable {
  private static final int PIECE = 1 << 16;

  private final Path file;
  private final PrintStream out;
  private final ByteBuffer bytes = ByteBuffer.allocate(PIECE);
  private final FileChannel channel;
  private final Object key;
  private final PrintableText text = new PrintableText();

  private LogTail(Path file, PrintStream out) throws IOException {
    this.file = file;
    this.out = out;
    key = key(file).orElse(null); // before: a file that replaces it now is seen as another
    channel = PlainFile.look(file);
  }

  /**
   * Prints nothing yet.
   *
   * @param lines to begin with, from the end of the file; Long.MAX_VALUE for all
   */
  public static LogTail open(Path file, long lines, PrintStream out) throws IOException {
    LogTail tail = new LogTail(file, out);
    try {
      tail.channel.position(tail.begin(lines));
      return tail;
    } catch (IOException e) {
      tail.close();
      throw e;
    }
  }

  /** Where the last lines begin; a line break at the very end ends the last of them. */
  private long begin(long lines) throws IOException {
    long end = channel.size();
    if (lines == Long.MAX_VALUE) {
      return 0;
    }
    long left = lines;
    for (long from = end; from > 0 && lines > 0; ) {
      long before = Math.max(0, from - PIECE);
      ByteBuffer piece = ByteBuffer.allocate((int) (from - before));
      while (piece.hasRemaining() && channel.read(piece, before + piece.position()) >= 0) {}
      for (int i = piece.position() - 1; i >= 0; i--) {
        boolean isBreak = piece.get(i) == '\n' && before + i < end - 1;
        if (isBreak && --left == 0) {
          return before + i + 1;
        }
      }
      from = before;
    }
    return lines > 0 ? 0 : end;
  }

  /**
   * Prints what is there and was not printed yet; all of it again if the file was cut.
   *
   * @param heedStop run before each piece; what it throws ends the printing
   */
  public void print(Runnable heedStop) throws IOException {
    if (channel.size() < channel.position()) {
      channel.position(0);
      bytes.clear();
    }
    while (channel.read(bytes) > 0) {
      heedStop.run();
      out.print(text.next(bytes.flip()));
    }
    out.flush();
  }

  /** Whether another file bears the name now; not while none does. */
  public boolean isReplaced() {
    return key(file).filter(other -> !other.equals(key)).isPresent();
  }

  private static Optional<Object> key(Path file) {
    try {
      return Optional.ofNullable(
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
              .fileKey());
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
