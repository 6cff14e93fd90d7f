package belay.hdf;

import belay.error.DataException;
import belay.storage.DiskProblem;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file whose length, superblock and object headers are those that its writer sealed. */
final class SealedFile implements AutoCloseable {
  private static final int MAX_HEADER_BYTES = 64 << 20;
  private static final String UNSEALED =
      "is truncated or was not written by belay: its %d bytes do not end with a seal";

  private final Path path;
  private final FileChannel channel;
  private final long length;
  private HeaderChannel headers;

  private SealedFile(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    this.length = channel.size();
  }

  /**
   * @throws DataException naming the file and what is wrong with it
   */
  static SealedFile open(Path path) {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new DataException(path + ": is not a regular file, expected an HDF5 file");
    }
    FileChannel channel = null;
    try {
      channel = FileChannel.open(path, StandardOpenOption.READ);
      SealedFile file = new SealedFile(path, channel);
      file.check();
      return file;
    } catch (IOException e) {
      close(channel);
      throw new DataException(path + ": cannot be read: " + DiskProblem.reason(e), e);
    } catch (DataException e) {
      close(channel);
      throw e;
    }
  }

  /** Superblock and object headers. */
  HeaderChannel headers() {
    return headers;
  }

  long length() {
    return length;
  }

  DataException problem(String message) {
    return problem(message, null);
  }

  DataException problem(String message, Throwable cause) {
    return new DataException(path + ": " + message, cause);
  }

  /** Fills the buffer from an address on, and flips it. */
  ByteBuffer read(ByteBuffer buffer, long address) throws IOException {
    while (buffer.hasRemaining()) {
      int count = channel.read(buffer, address);
      if (count < 0) {
        throw new EOFException("it ends at byte " + address);
      }
      address += count;
    }
    return buffer.flip();
  }

  @Override
  public void close() {
    close(channel);
  }

  private void check() throws IOException {
    ByteBuffer start = read(ByteBuffer.allocate((int) Math.min(length, 8)), 0);
    if (!HeaderBlock.hasSignature(start)) {
      throw problem(length == 0 ? "is empty" : "is not an HDF5 file");
    }
    if (length < HeaderBlock.SUPERBLOCK_BYTES + Seal.BYTES) {
      throw problem("is truncated after %d bytes".formatted(length));
    }
    checkHeaders(
        Seal.parse(read(ByteBuffer.allocate(Seal.BYTES), length - Seal.BYTES))
            .orElseThrow(() -> problem(UNSEALED.formatted(length))));
  }

  private void checkHeaders(Seal seal) throws IOException {
    long bytes = length - Seal.BYTES - seal.headers();
    if (seal.headers() < HeaderBlock.SUPERBLOCK_BYTES || bytes < 0 || bytes > MAX_HEADER_BYTES) {
      throw problem("is damaged: its seal places the headers at byte " + seal.headers());
    }
    ByteBuffer superblock = read(ByteBuffer.allocate(HeaderBlock.SUPERBLOCK_BYTES), 0);
    ByteBuffer block = read(ByteBuffer.allocate((int) bytes), seal.headers());
    if (!Seal.of(seal.headers(), superblock, block).equals(seal)) {
      throw problem("is damaged: its headers do not match its seal");
    }
    headers = new HeaderChannel(superblock, block, seal.headers(), length);
  }

  private static void close(FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // Nothing was written, so nothing is lost.
    }
  }
}
