package belay.console;

import belay.storage.DiskProblem;
import belay.storage.PlainFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/**
 * Appends each line to a file at once. A disk that refuses is one warning on the console: Java's
 * own handlers show a stack trace there.
 */
final class LogFile extends Handler {
  private static final System.Logger LOG = System.getLogger("belay.run");

  private final Path file;
  private final FileChannel channel;
  private boolean refused;

  LogFile(Path file) throws IOException {
    this.file = file;
    channel = PlainFile.append(file);
  }

  @Override
  public synchronized void publish(LogRecord record) {
    if (!isLoggable(record)) {
      return;
    }
    try {
      ByteBuffer line =
          ByteBuffer.wrap(getFormatter().format(record).getBytes(StandardCharsets.UTF_8));
      while (line.hasRemaining()) {
        channel.write(line);
      }
      refused = false;
    } catch (IOException e) {
      warn(e);
    }
  }

  private void warn(IOException problem) {
    boolean isNew = !refused;
    refused = true; // before the warning, which comes here too
    if (isNew) {
      LOG.log(
          System.Logger.Level.WARNING,
          "log={0} unwritten=\"{1}\"",
          file,
          DiskProblem.reason(problem));
    }
  }

  @Override
  public void flush() {}

  @Override
  public synchronized void close() {
    try {
      channel.close();
    } catch (IOException e) {
      warn(e);
    }
  }
}
