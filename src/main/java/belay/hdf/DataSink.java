package belay.hdf;

import belay.storage.DiskProblem;
import belay.storage.PlainFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** A file that grows at its end; every error names the file and the reason in one line. */
final class DataSink implements AutoCloseable {
  /** Written bytes that are worth a force of their own. */
  private static final long EARLY_BYTES = 128L << 20;

  private static final Executor WRITEBACK = DiskCrew.threads(1, "writeback");

  private final Path file;
  private final FileChannel channel;
  private long unforced; // bytes
  private CompletableFuture<Void> early = CompletableFuture.completedFuture(null);
  private long position;

  /**
   * @param position where the first byte goes
   */
  DataSink(Path file, long position) throws IOException {
    this.file = file;
    this.position = position;
    try {
      channel = PlainFile.fresh(file);
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
    write(bytes, reserve(bytes.remaining()));
  }

  /** Makes room at the end. */
  long reserve(long bytes) {
    long start = position;
    position += bytes;
    return start;
  }

  /**
   * Writes all remaining bytes; several threads may. A full disk may take a part of a buffer before
   * it refuses the rest.
   */
  void write(ByteBuffer bytes, long at) throws IOException {
    int count = bytes.remaining();
    try {
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
    } catch (IOException e) {
      throw problem(file, e);
    }
    beginForce(count);
  }

  /**
   * Lets the disk begin, so that the last force finds little to do. A failure must be kept: the
   * kernel tells it once.
   */
  private synchronized void beginForce(int written) {
    unforced += written;
    if (unforced >= EARLY_BYTES && early.isDone() && !early.isCompletedExceptionally()) {
      unforced = 0;
      early = CompletableFuture.runAsync(this::forceEarly, WRITEBACK);
    }
  }

  private void forceEarly() {
    try {
      channel.force(false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Forces the content to disk through the descriptor that wrote it: on network file systems a
   * quota shows only now, and only here.
   */
  void force() throws IOException {
    try {
      early.join();
      channel.force(true);
      if (channel.size() != position) {
        throw new IOException("has " + channel.size() + " of " + position + " bytes");
      }
    } catch (IOException e) {
      throw problem(file, e);
    } catch (CompletionException e) {
      throw problem(file, ((UncheckedIOException) e.getCause()).getCause());
    }
  }

  @Override
  public void close() throws IOException {
    DiskCrew.settle(early);
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
