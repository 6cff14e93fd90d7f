package belay.hdf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.CompletableFuture;

/**
 * Two buffers that take turns, and the SHA-256 of what passes through them. One thread fills and
 * drains a buffer while another digests the buffer before it: digesting (about 1.5 GB/s) does not
 * hold up the disk.
 */
final class ChunkDigest {
  private static final int MAX_BYTES = 1 << 21;

  private final Sha256 sha256 = new Sha256();
  private final int bytes;
  private final ByteBuffer[] buffers;
  private CompletableFuture<Void> digesting = CompletableFuture.completedFuture(null);
  private int turn;

  /**
   * @param total bytes that will pass; a small dataset needs one small buffer
   */
  ChunkDigest(long total) {
    bytes = (int) Math.min(total, MAX_BYTES);
    ByteBuffer first = allocate();
    buffers = new ByteBuffer[] {first, total > MAX_BYTES ? allocate() : first};
  }

  /** Size of a buffer. */
  int bytes() {
    return bytes;
  }

  /** An empty buffer, little endian; the digest does not need it any more. */
  ByteBuffer next() {
    turn ^= 1;
    if (buffers[0] == buffers[1]) {
      digesting.join();
    }
    return buffers[turn].clear();
  }

  /** Begins to digest the buffer that {@link #next} gave last; it may be read meanwhile. */
  void digest() {
    digesting.join();
    ByteBuffer full = buffers[turn].duplicate();
    digesting = CompletableFuture.runAsync(() -> sha256.add(full));
  }

  String hex() {
    digesting.join();
    return sha256.hex();
  }

  private ByteBuffer allocate() {
    // Direct buffers save the disk a copy, but wait for the collector to free them.
    ByteBuffer buffer =
        bytes < MAX_BYTES ? ByteBuffer.allocate(bytes) : ByteBuffer.allocateDirect(bytes);
    return buffer.order(ByteOrder.LITTLE_ENDIAN);
  }
}
