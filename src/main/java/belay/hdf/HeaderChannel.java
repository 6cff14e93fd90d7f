package belay.hdf;

import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/**
 * What jhdf may see of a file: the superblock and the object headers that were checked against the
 * seal, from memory. A read that these cannot fill ends there and then; jhdf itself would read the
 * same place again and again until a damaged length is filled.
 */
final class HeaderChannel implements SeekableByteChannel {
  private final ByteBuffer superblock; // at address 0
  private final ByteBuffer headers;
  private final long address;
  private final long size;
  private long position;

  /**
   * @param address of the headers
   * @param size of the file
   */
  HeaderChannel(ByteBuffer superblock, ByteBuffer headers, long address, long size) {
    this.superblock = superblock;
    this.headers = headers;
    this.address = address;
    this.size = size;
  }

  @Override
  public int read(ByteBuffer target) {
    ByteBuffer source = position < address ? superblock : headers;
    long from = position < address ? position : position - address;
    int count = target.remaining();
    if (from + count > source.limit()) {
      return -1;
    }
    target.put(source.slice((int) from, count));
    position += count;
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
    return true;
  }

  @Override
  public void close() {}

  @Override
  public int write(ByteBuffer source) {
    throw new NonWritableChannelException();
  }

  @Override
  public SeekableByteChannel truncate(long newSize) {
    throw new NonWritableChannelException();
  }
}
