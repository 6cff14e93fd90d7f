package belay.hdf;

import belay.storage.DiskProblem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that grows at its end; every error names the file and the reason in one line. */
final class DataSink implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private long position;

  /**
   * @param position where the first byte goes
   */
  DataSink(Path file, long position) throws IOException {
    this.file = file;
    this.position = position;
    try {
      channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING);
    } catch (IOException e) {
      throw problem(file, e);
    }
  }

  long position() {
    return position;
  }

  /** Moves to the next multiple of a power of two. */
  long align(int multiple) {
    position = (position + multiple - 1) & -multiple;
    return position;
  }

  /** Appends all remaining bytes. */
  void append(ByteBuffer bytes) throws IOException {
    int count = bytes.remaining();
    write(bytes, position);
    position += count;
  }

  /** A full disk may take a part of a buffer before it refuses the rest. */
  void write(ByteBuffer bytes, long at) throws IOException {
    try {
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
    } catch (IOException e) {
      throw problem(file, e);
    }
  }

  /**
   * Forces the content to disk through the descriptor that wrote it: on network file systems a
   * quota shows only now, and only here.
   */
  void force() throws IOException {
    try {
      channel.force(true);
      if (channel.size() != position) {
        throw new IOException("has " + channel.size() + " of " + position + " bytes");
      }
    } catch (IOException e) {
      throw problem(file, e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } catch (IOException e) {
      throw problem(file, e);
    }
  }

  static IOException problem(Path file, IOException cause) {
    return new IOException(file + ": cannot be written: " + DiskProblem.reason(cause), cause);
  }
}
