package belay.hdf;

import io.jhdf.BufferBuilder;
import io.jhdf.Constants;
import io.jhdf.Superblock;
import io.jhdf.WritableGroupImpl;
import io.jhdf.storage.HdfFileChannel;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * All object headers of a file, collected in memory: jhdf writes them in random order and does not
 * look at how much of a write the disk took, so it writes here and the whole block goes to the file
 * at once.
 */
final class HeaderBlock extends HdfFileChannel {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

  private final long address;
  private byte[] bytes = new byte[1 << 14];
  private int length;

  private HeaderBlock(long address) {
    super(null, new Superblock.SuperblockV2V3());
    this.address = address;
  }

  /** The headers of a group and of everything in it, to be stored at an address. */
  static ByteBuffer of(WritableGroupImpl root, long address) {
    HeaderBlock block = new HeaderBlock(address);
    root.write(block, address);
    return ByteBuffer.wrap(block.bytes, 0, block.length);
  }

  @Override
  public int write(ByteBuffer source, long position) {
    int at = Math.toIntExact(position - address);
    int count = source.remaining();
    int end = Math.addExact(at, count);
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(end, 2 * bytes.length));
    }
    source.get(bytes, at, count);
    length = Math.max(length, end);
    return count;
  }

  /**
   * Version 2, which every HDF5 library since 1.8 reads.
   *
   * @param end length of the file
   */
  static ByteBuffer superblock(long root, long end) {
    return new BufferBuilder()
        .writeBytes(SIGNATURE)
        .writeByte(2)
        .writeByte(Long.BYTES)
        .writeByte(Long.BYTES)
        .writeByte(0)
        .writeLong(0)
        .writeLong(Constants.UNDEFINED_ADDRESS)
        .writeLong(end)
        .writeLong(root)
        .appendChecksum()
        .build();
  }

  static final int SUPERBLOCK_BYTES = 48;

  static boolean hasSignature(ByteBuffer start) {
    return start.remaining() >= SIGNATURE.length
        && start.slice(start.position(), SIGNATURE.length).equals(ByteBuffer.wrap(SIGNATURE));
  }
}
