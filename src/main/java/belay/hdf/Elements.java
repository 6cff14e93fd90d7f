package belay.hdf;

import belay.storage.DiskProblem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/**
 * Reads the elements of datasets straight from the file, in large pieces, and digests them on the
 * way. (jhdf builds nested arrays, at a quarter of a gigabyte a second.)
 */
final class Elements {
  private final SealedFile file;

  Elements(SealedFile file) {
    this.file = file;
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

  /**
   * @param sha256 receives the digest of the elements
   */
  void floats(Extent extent, Consumer<String> sha256, float[] out, int offset) {
    int[] at = {offset};
    scan(
        extent,
        sha256,
        bytes -> {
          int count = bytes.remaining() / Float.BYTES;
          bytes.asFloatBuffer().get(out, at[0], count);
          at[0] += count;
        });
  }

  void verify(Extent extent, Consumer<String> sha256) {
    if (extent.type() == ElementType.STRING) {
      whole(extent, sha256);
    } else {
      scan(extent, sha256, bytes -> {});
    }
  }

  /** All bytes of a dataset, which must fit an array. */
  ByteBuffer whole(Extent extent, Consumer<String> sha256) {
    if (extent.bytes() > Integer.MAX_VALUE - 8) {
      throw file.problem(
          "a dataset of %d bytes does not fit into an array".formatted(extent.bytes()));
    }
    ByteBuffer bytes = allocate((int) extent.bytes());
    read(bytes, extent.address());
    sha256.accept(digest(extent, bytes));
    return bytes;
  }

  private static String digest(Extent extent, ByteBuffer bytes) {
    return extent.type() == ElementType.STRING
        ? Sha256.of(String.join("\0", Content.decode(bytes, extent.elementBytes())))
        : new Sha256().add(bytes).hex();
  }

  private void scan(Extent extent, Consumer<String> sha256, Consumer<ByteBuffer> use) {
    ChunkDigest digest = new ChunkDigest(extent.bytes());
    long end = extent.address() + extent.bytes();
    for (long at = extent.address(); at < end; at += digest.bytes()) {
      ByteBuffer chunk = digest.next().limit((int) Math.min(digest.bytes(), end - at));
      read(chunk, at);
      digest.digest();
      use.accept(chunk);
    }
    sha256.accept(digest.hex());
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
