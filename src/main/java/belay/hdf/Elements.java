package belay.hdf;

import belay.storage.DiskProblem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Reads the elements of datasets straight from the file, in large pieces, and digests them on the
 * way. (jhdf builds nested arrays, at a quarter of a gigabyte a second.)
 */
final class Elements {
  /** Far more than names, networks and manifests need; each string is an object in the heap. */
  private static final int MOST_TEXT = 16 << 20; // bytes

  private static final int MOST_STRINGS = 1 << 18;

  private final SealedFile file;

  Elements(SealedFile file) {
    this.file = file;
  }

  /** What a manifest says of a dataset, and what becomes of it. */
  interface Digest {
    /** As the manifest has it. */
    String listed();

    /** Throws if that is not the digest of what was read. */
    void check(String found);
  }

  /** Receives a part of a dataset. */
  interface SlabUse {
    /**
     * @param at first byte's place in the dataset
     * @param bytes direct, little endian, valid during the call
     */
    void accept(long at, ByteBuffer bytes);
  }

  /** Number of elements, which must fit an array. */
  int count(Extent extent) {
    if (extent.count() > Integer.MAX_VALUE - 8) {
      throw file.problem(
          "a dataset of shape %s does not fit into an array"
              .formatted(Extent.text(extent.shape())));
    }
    return (int) extent.count();
  }

  /** All elements, from an index on. */
  void floats(Extent extent, Digest digest, float[] out, int offset) {
    stream(
        extent,
        digest,
        DiskCrew.BUFFER_BYTES,
        (at, bytes) ->
            bytes
                .asFloatBuffer()
                .get(out, (int) (offset + at / Float.BYTES), bytes.remaining() / Float.BYTES));
  }

  void verify(Extent extent, Digest digest, Runnable onTheWay) {
    if (extent.type() == ElementType.STRING) {
      whole(extent, digest);
    } else {
      stream(extent, digest, DiskCrew.BUFFER_BYTES, (at, bytes) -> onTheWay.run());
    }
  }

  /** All bytes of a dataset, which must fit an array. */
  ByteBuffer whole(Extent extent, Digest digest) {
    boolean isText = extent.type() == ElementType.STRING;
    if (isText && (extent.bytes() > MOST_TEXT || extent.count() > MOST_STRINGS)) {
      throw file.problem(
          "strings of shape %s with %d bytes are more than belay writes"
              .formatted(Extent.text(extent.shape()), extent.bytes()));
    }
    if (extent.bytes() > Integer.MAX_VALUE - 8) {
      throw file.problem(
          "a dataset of %d bytes does not fit into an array".formatted(extent.bytes()));
    }
    ByteBuffer bytes = allocate((int) extent.bytes());
    read(bytes, extent.address());
    digest.check(sha256(extent, bytes, digest.listed()));
    return bytes;
  }

  private static String sha256(Extent extent, ByteBuffer bytes, String listed) {
    if (extent.type() == ElementType.STRING) {
      return Sha256.of(String.join("\0", Content.decode(bytes, extent.elementBytes())));
    }
    PieceDigest digest = PieceDigest.like(listed);
    digest.add(CompletableFuture.completedFuture(null), bytes);
    return digest.text();
  }

  /**
   * Hands over all bytes in order, in slabs; reading and digesting run ahead on several threads.
   *
   * @param slabBytes of each slab but the last
   */
  void stream(Extent extent, Digest digest, int slabBytes, SlabUse use) {
    PieceDigest sha256 = PieceDigest.like(digest.listed());
    Deque<Slab> ahead = new ArrayDeque<>();
    try {
      for (long at = 0; at < extent.bytes(); at += slabBytes) {
        int count = (int) Math.min(slabBytes, extent.bytes() - at);
        ahead.add(begin(extent.address() + at, at, count, slabBytes, sha256));
        if (ahead.size() == DiskCrew.BUFFERS) {
          deliver(ahead, use);
        }
      }
      while (!ahead.isEmpty()) {
        deliver(ahead, use);
      }
      digest.check(sha256.text());
    } finally {
      ahead.forEach(Slab::settle);
    }
  }

  private Slab begin(long address, long at, int count, int most, PieceDigest sha256) {
    ByteBuffer buffer =
        most <= DiskCrew.BUFFER_BYTES ? DiskCrew.take() : ByteBuffer.allocateDirect(most);
    ByteBuffer bytes = buffer.slice(0, count).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer target = bytes.duplicate();
    CompletableFuture<Void> read =
        CompletableFuture.runAsync(() -> read(target, address), DiskCrew.THREADS);
    return new Slab(buffer, bytes, at, read, sha256.add(read, bytes));
  }

  private static void deliver(Deque<Slab> ahead, SlabUse use) {
    Slab slab = ahead.peek();
    try {
      slab.read().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException problem ? problem : e;
    }
    use.accept(slab.at(), slab.bytes().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN));
    ahead.remove().settle();
  }

  /**
   * Some bytes on their way.
   *
   * @param at place in the dataset
   */
  private record Slab(
      ByteBuffer buffer,
      ByteBuffer bytes,
      long at,
      CompletableFuture<Void> read,
      CompletableFuture<Void> digested) {
    /** Gives the buffer back when no thread needs it. */
    void settle() {
      DiskCrew.settle(digested);
      DiskCrew.giveBack(buffer);
    }
  }

  private void read(ByteBuffer bytes, long address) {
    try {
      file.read(bytes, address);
    } catch (IOException e) {
      throw file.problem("cannot be read: " + DiskProblem.reason(e), e);
    }
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
