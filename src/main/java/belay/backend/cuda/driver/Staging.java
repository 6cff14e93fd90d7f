package belay.backend.cuda.driver;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.stream.IntStream;
import jcuda.Pointer;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * Rows on their way between the host and the device: while the device copies one slot of
 * page-locked memory, the host fills the next. Each slot also holds the places of its rows.
 */
public final class Staging implements AutoCloseable {
  private static final int SLOTS = 2;
  private static final long SLOT_BYTES = 32 << 20;

  /** Host memory moves at 10 GB/s by one thread, and at several times that by some. */
  private static final int PIECE_FLOATS = 1 << 18;

  private final int columns;
  private final int rows;
  private final Arena.Slice[] device = new Arena.Slice[SLOTS]; // rows, then places
  private final CUevent[] free = new CUevent[SLOTS];
  private Pointer memory;
  private ByteBuffer host; // of it
  private int turn;

  /**
   * @param most rows that will ever be moved together
   * @param arena to be allocated before {@link #open}
   */
  public Staging(int most, int columns, Arena arena) {
    this.columns = columns;
    this.rows = (int) Math.max(1, Math.min(most, SLOT_BYTES / (4L * columns)));
    for (int i = 0; i < SLOTS; i++) {
      device[i] = arena.reserve(slotBytes());
    }
  }

  public void open() {
    memory = new Pointer();
    CudaError.check(
        JCudaDriver.cuMemHostAlloc(memory, SLOTS * slotBytes(), 0), "allocate page-locked memory");
    host = memory.getByteBuffer(0, SLOTS * slotBytes());
    for (int i = 0; i < SLOTS; i++) {
      free[i] = new CUevent();
      CudaError.check(
          JCudaDriver.cuEventCreate(free[i], CUevent_flags.CU_EVENT_DISABLE_TIMING),
          "make an event");
    }
  }

  /** Rows of one slot. */
  public int rows() {
    return rows;
  }

  private long slotBytes() {
    return 4L * rows * (columns + 1L);
  }

  private Pointer at(int slot, long offset) {
    return memory.withByteOffset(slot * slotBytes() + offset);
  }

  private ByteBuffer bytes(int slot, long offset, long count) {
    int first = Math.toIntExact(slot * slotBytes() + offset);
    return host.slice(first, Math.toIntExact(count)).order(ByteOrder.nativeOrder());
  }

  /** One slot that is free to be filled. */
  public final class Slot {
    private final int index;

    private Slot(int index) {
      this.index = index;
    }

    public Arena.Slice device() {
      return device[index];
    }

    /** Device address of the places. */
    public long places() {
      return device[index].address() + 4L * rows * columns;
    }

    public void fill(FloatBuffer from, int count) {
      FloatBuffer to = bytes(index, 0, 4L * count * columns).asFloatBuffer();
      move(from, to, count * columns);
    }

    public void upload(int count, CUstream stream) {
      copy(0, 4L * count * columns, stream);
    }

    public void uploadPlaces(int[] places, int first, int count, CUstream stream) {
      long offset = 4L * rows * columns;
      IntBuffer ints = bytes(index, offset, 4L * count).asIntBuffer();
      ints.put(places, first, count);
      copy(offset, 4L * count, stream);
    }

    private void copy(long offset, long count, CUstream stream) {
      CudaError.check(
          JCudaDriver.cuMemcpyHtoDAsync(
              device[index].pointer().withByteOffset(offset), at(index, offset), count, stream),
          "copy to the GPU");
    }

    /** Brings the device's rows to the host, and waits for them. */
    public void download(FloatBuffer to, int count, CUstream stream) {
      CudaError.check(
          JCudaDriver.cuMemcpyDtoHAsync(
              at(index, 0), device[index].pointer(), 4L * count * columns, stream),
          "copy from the GPU");
      CudaError.check(JCudaDriver.cuStreamSynchronize(stream), "copy from the GPU");
      move(bytes(index, 0, 4L * count * columns).asFloatBuffer(), to, count * columns);
    }

    /** To be called behind the last use on a stream. */
    public CUevent release(CUstream stream) {
      CudaError.check(JCudaDriver.cuEventRecord(free[index], stream), "queue work");
      return free[index];
    }
  }

  /** The next slot, once the device is done with it. */
  public Slot next() {
    turn = (turn + 1) % SLOTS;
    CudaError.check(JCudaDriver.cuEventSynchronize(free[turn]), "wait for the GPU");
    return new Slot(turn);
  }

  private static void move(FloatBuffer from, FloatBuffer to, int count) {
    int pieces = (count + PIECE_FLOATS - 1) / PIECE_FLOATS;
    IntStream.range(0, pieces)
        .parallel()
        .forEach(
            piece -> {
              int first = piece * PIECE_FLOATS;
              int length = Math.min(PIECE_FLOATS, count - first);
              to.slice(to.position() + first, length)
                  .put(from.slice(from.position() + first, length));
            });
  }

  @Override
  public void close() {
    if (memory != null) {
      for (CUevent event : free) {
        JCudaDriver.cuEventDestroy(event);
      }
      JCudaDriver.cuMemFreeHost(memory);
      memory = null;
    }
  }
}
