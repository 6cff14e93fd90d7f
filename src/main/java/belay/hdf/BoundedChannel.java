package belay.hdf;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * What jhdf may see of a file that somebody else wrote. jhdf trusts addresses and lengths: a read
 * beyond the end fails here, and so does reading much more often than any whole file needs, as a
 * tree does whose branches lead back to its root.
 */
final class BoundedChannel extends ReadOnlyChannel {
  private static final long FREE_READS = 1 << 20;
  private static final int BYTES_OF_A_READ = 64;

  private final FileChannel file;
  private long readsLeft;

  BoundedChannel(FileChannel file) throws IOException {
    super(file.size());
    this.file = file;
    this.readsLeft = FREE_READS + size() / BYTES_OF_A_READ;
  }

  @Override
  int read(ByteBuffer target, long from) throws IOException {
    int count = target.remaining();
    if (from < 0 || from > size() - count) {
      throw new EOFException("%d bytes at byte %d of %d".formatted(count, from, size()));
    }
    if (--readsLeft < 0) {
      throw new IOException("its addresses lead in a circle");
    }
    for (int done = 0; done < count; ) {
      int read = file.read(target, from + done);
      if (read < 0) {
        throw new EOFException("it ended while it was read");
      }
      done += read;
    }
    return count;
  }

  @Override
  public boolean isOpen() {
    return file.isOpen();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
