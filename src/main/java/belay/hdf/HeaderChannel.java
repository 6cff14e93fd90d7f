package belay.hdf;

import java.nio.ByteBuffer;

/**
 * What jhdf may see of a file: the superblock and the object headers that were checked against the
 * seal, from memory. A read that these cannot fill ends there and then; jhdf itself would read the
 * same place again and again until a damaged length is filled.
 */
final class HeaderChannel extends ReadOnlyChannel {
  private final ByteBuffer superblock; // at address 0
  private final ByteBuffer headers;
  private final long address;

  /**
   * @param address of the headers
   * @param size of the file
   */
  HeaderChannel(ByteBuffer superblock, ByteBuffer headers, long address, long size) {
    super(size);
    this.superblock = superblock;
    this.headers = headers;
    this.address = address;
  }

  @Override
  int read(ByteBuffer target, long position) {
    ByteBuffer source = position < address ? superblock : headers;
    long from = position < address ? position : position - address;
    int count = target.remaining();
    if (from + count > source.limit()) {
      return -1;
    }
    target.put(source.slice((int) from, count));
    return count;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
