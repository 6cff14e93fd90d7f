package belay.hdf;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/**
 * What jhdf may see of a file that somebody else wrote. jhdf trusts addresses and lengths: a read
 * beyond the end fails here, and so does reading much more often than any whole file needs, as a
 * tree does whose branches lead back to its root.
 */
final class BoundedChannel implements SeekableByteChannel {
  private static final long FREE_READS = 1 << 20;
  private static final int BYTES_OF_A_READ = 64;

  private final FileChannel file;
  private final long size;
  private long readsLeft;
  private long position;

  BoundedChannel(FileChannel file) throws IOException {
    this.file = file;
    this.size = file.size();
    this.readsLeft = FREE_READS + size / BYTES_OF_A_READ;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    int count = target.remaining();
    if (position < 0 || position > size - count) {
      throw new EOFException("%d bytes at byte %d of %d".formatted(count, position, size));
    }
    if (--readsLeft < 0) {
      throw new IOException("its addresses lead in a circle");
    }
    while (target.hasRemaining()) {
      int read = file.read(target, position);
      if (read < 0) {
        throw new EOFException("it ended while it was read");
      }
      position += read;
    }
    return count;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public SeekableByteChannel position(long newPosition) {
    position = newPosition;
    return this;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public boolean isOpen() {
    return file.isOpen();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  @Override
  public int write(ByteBuffer source) {
    throw new NonWritableChannelException();
  }

  @Override
  public SeekableByteChannel truncate(long newSize) {
    throw new NonWritableChannelException();
  }
}
