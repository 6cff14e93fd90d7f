package belay.backend.onednn.dnnl;

import com.sun.jna.Pointer;

/** A piece of native memory, aligned to a cache line. */
public record Buffer(Pointer pointer, long bytes) {
  public long address() {
    return Pointer.nativeValue(pointer);
  }

  /** A part of this buffer. */
  public Buffer slice(long offset, long length) {
    return new Buffer(pointer.share(offset), length);
  }

  public void write(float[] values, int count) {
    write(0, values, 0, count);
  }

  /**
   * @param offset in bytes, where values from index {@code from} on go
   */
  public void write(long offset, float[] values, int from, int count) {
    pointer.write(offset, values, from, count);
  }

  public void read(float[] values, int count) {
    read(0, values, 0, count);
  }

  /**
   * @param offset in bytes, what goes to values from index {@code to} on
   */
  public void read(long offset, float[] values, int to, int count) {
    pointer.read(offset, values, to, count);
  }

  public void clear() {
    pointer.clear(bytes);
  }

  /** The least multiple of a cache line that holds so many bytes. */
  public static long aligned(long bytes) {
    return (bytes + Scope.LINE - 1) / Scope.LINE * Scope.LINE;
  }
}
