package belay.hdf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.function.Function;

/** A float32 dataset whose elements arrive in pieces, so that it may be larger than the memory. */
public final class FloatRows {
  private final DataSink sink;
  private final Function<String, Hdf5Object> whenWhole;
  private final ChunkDigest digest;
  private long missing; // elements

  /**
   * @param whenWhole takes the digest and makes the dataset
   */
  FloatRows(DataSink sink, long elements, Function<String, Hdf5Object> whenWhole) {
    this.sink = sink;
    this.missing = elements;
    this.digest = new ChunkDigest(elements * Float.BYTES);
    this.whenWhole = whenWhole;
  }

  /**
   * Appends elements in row-major order.
   *
   * @throws IOException naming file and reason, for example a full disk
   */
  public void write(float[] values, int offset, int count) throws IOException {
    write(FloatBuffer.wrap(values, offset, count));
  }

  void write(FloatBuffer values) throws IOException {
    missing -= values.remaining();
    if (missing < 0) {
      throw new IllegalStateException("More elements than the shape holds: " + -missing);
    }
    while (values.hasRemaining()) {
      int count = Math.min(values.remaining(), digest.bytes() / Float.BYTES);
      ByteBuffer chunk = digest.next().limit(count * Float.BYTES);
      chunk.asFloatBuffer().put(values.slice().limit(count));
      values.position(values.position() + count);
      digest.digest();
      sink.append(chunk);
    }
  }

  /**
   * Ends the dataset.
   *
   * @throws IllegalStateException if elements are missing
   */
  public Hdf5Object end() {
    if (missing != 0) {
      throw new IllegalStateException("Elements are missing: " + missing);
    }
    return whenWhole.apply(digest.hex());
  }
}
