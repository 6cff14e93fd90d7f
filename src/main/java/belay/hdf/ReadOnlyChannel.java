package belay.hdf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** Bytes that jhdf reads wherever it likes, and nobody writes. */
abstract class ReadOnlyChannel implements SeekableByteChannel {
  private final long size;
  private long position;

  ReadOnlyChannel(long size) {
    this.size = size;
  }

  /**
   * Reads from a position without moving it.
   *
   * @return how many bytes; -1 where they are not to be had
   */
  abstract int read(ByteBuffer target, long from) throws IOException;

  @Override
  public final int read(ByteBuffer target) throws IOException {
    int count = read(target, position);
    position += Math.max(0, count);
    return count;
  }

  @Override
  public final long position() {
    return position;
  }

  @Override
  public final SeekableByteChannel position(long newPosition) {
    position = newPosition;
    return this;
  }

  @Override
  public final long size() {
    return size;
  }

  @Override
  public final int write(ByteBuffer source) {
    throw new NonWritableChannelException();
  }

  @Override
  public final SeekableByteChannel truncate(long newSize) {
    throw new NonWritableChannelException();
  }
}
