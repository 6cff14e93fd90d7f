package belay.backend.onednn.dnnl;

import belay.error.DeviceException;
import com.sun.jna.Memory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;

/** Owns native handles and memory; closing frees them in reverse order. */
public final class Scope implements AutoCloseable {
  /** Alignment of buffers in bytes: a cache line and the widest vector. */
  public static final int LINE = 64;

  private final Deque<Runnable> releases = new ArrayDeque<>();

  /**
   * Builds what will own the scope. If that fails, what it had taken so far is freed.
   *
   * @param <T> what closes the scope in the end
   */
  public static <T> T owned(Function<Scope, T> building) {
    Scope scope = new Scope();
    try {
      return building.apply(scope);
    } catch (RuntimeException | Error e) {
      scope.close();
      throw e;
    }
  }

  public synchronized void onClose(Runnable release) {
    releases.push(release);
  }

  /**
   * @param bytes any number, also 0
   * @return zeros
   * @throws DeviceException if there is too little memory, with the bytes needed
   */
  public Buffer allocate(long bytes) {
    Buffer buffer = reserve(bytes);
    buffer.clear();
    return buffer;
  }

  /** As {@link #allocate}, for memory that is filled anyway: what it holds is undefined. */
  public Buffer reserve(long bytes) {
    try {
      Memory memory = new Memory(bytes + 2 * LINE);
      onClose(memory::close);
      return new Buffer(memory.align(LINE), Math.max(bytes, 1));
    } catch (OutOfMemoryError e) {
      throw new DeviceException(
          "Cannot allocate "
              + bytes
              + " bytes outside the Java heap: lower train.batch or svm.memory-mib",
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
