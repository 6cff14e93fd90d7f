package belay.backend.onednn;

import belay.error.DeviceException;
import com.sun.jna.Memory;
import java.util.ArrayDeque;
import java.util.Deque;

/** Owns native handles and memory; closing frees them in reverse order. */
final class Scope implements AutoCloseable {
  /** Alignment of buffers in bytes: a cache line and the widest vector. */
  static final int LINE = 64;

  private final Deque<Runnable> releases = new ArrayDeque<>();

  synchronized void onClose(Runnable release) {
    releases.push(release);
  }

  /**
   * @param bytes any number, also 0
   * @return zeros
   * @throws DeviceException if there is too little memory, with the bytes needed
   */
  Buffer allocate(long bytes) {
    try {
      Memory memory = new Memory(bytes + 2 * LINE);
      onClose(memory::close);
      memory.clear();
      return new Buffer(memory.align(LINE), Math.max(bytes, 1));
    } catch (OutOfMemoryError e) {
      throw new DeviceException(
          "Cannot allocate "
              + bytes
              + " bytes outside the Java heap: lower train.batch or svm.memory",
          e);
    }
  }

  @Override
  public synchronized void close() {
    while (!releases.isEmpty()) {
      releases.pop().run();
    }
  }
}
