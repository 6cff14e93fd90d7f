package belay.backend.onednn;

import com.sun.jna.Pointer;

/** A piece of native memory, aligned to a cache line. */
record Buffer(Pointer pointer, long bytes) {
  long address() {
    return Pointer.nativeValue(pointer);
  }

  /** A part of this buffer. */
  Buffer slice(long offset, long length) {
    return new Buffer(pointer.share(offset), length);
  }

  void write(float[] values, int count) {
    pointer.write(0, values, 0, count);
  }

  void read(float[] values, int count) {
    pointer.read(0, values, 0, count);
  }

  void clear() {
    pointer.clear(bytes);
  }

  /** The least multiple of a cache line that holds so many bytes. */
  static long aligned(long bytes) {
    return (bytes + Scope.LINE - 1) / Scope.LINE * Scope.LINE;
  }
}
