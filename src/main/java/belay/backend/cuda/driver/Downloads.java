package belay.backend.cuda.driver;

import belay.backend.EncodePlan.Encoding;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import jcuda.Pointer;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * Copies batches of features to page-locked memory on a stream of its own: while one batch is on
 * its way, the next is computed. (Pageable memory is copied at a few GB/s, and holds up the host.)
 */
public final class Downloads implements AutoCloseable {
  private static final int SLOTS = 2;

  private final CUstream compute;
  private final CUstream copy;
  private final Arena.Slice source;
  private final Arena.Slice[] staging = new Arena.Slice[SLOTS];
  private final CUevent[] computed = new CUevent[SLOTS];
  private final CUevent[] copied = new CUevent[SLOTS];
  private final List<Pointer> memory = new ArrayList<>();
  private int turn;

  /**
   * @param source of every download, written on the stream of computation
   * @param staging device memory for two batches
   */
  public Downloads(Gpu gpu, CUstream compute, Arena.Slice source, Arena.Slice... staging) {
    this.compute = compute;
    this.source = source;
    this.copy = gpu.stream();
    for (int i = 0; i < SLOTS; i++) {
      this.staging[i] = staging[i];
      computed[i] = event();
      copied[i] = event();
    }
  }

  public ByteBuffer allocate(int bytes) {
    Pointer pointer = new Pointer();
    CudaError.check(
        JCudaDriver.cuMemHostAlloc(pointer, Math.max(1, bytes), 0), "allocate page-locked memory");
    memory.add(pointer);
    return pointer.getByteBuffer(0, bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Queues the copy of what the stream of computation has been told to compute. */
  public Encoding begin(CudaDevice device, ByteBuffer target, long bytes) {
    turn = (turn + 1) % SLOTS;
    CUevent done = copied[turn];
    CudaError.check(JCudaDriver.cuStreamWaitEvent(compute, done, 0), "queue work");
    CudaError.check(
        JCudaDriver.cuMemcpyDtoDAsync(staging[turn].pointer(), source.pointer(), bytes, compute),
        "queue a copy");
    CudaError.check(JCudaDriver.cuEventRecord(computed[turn], compute), "queue work");
    CudaError.check(JCudaDriver.cuStreamWaitEvent(copy, computed[turn], 0), "queue work");
    CudaError.check(
        JCudaDriver.cuMemcpyDtoHAsync(
            Pointer.toBuffer(target), staging[turn].pointer(), bytes, copy),
        "copy from the GPU");
    CudaError.check(JCudaDriver.cuEventRecord(done, copy), "queue work");
    return () -> {
      device.makeCurrent();
      CudaError.check(JCudaDriver.cuEventSynchronize(done), "compute");
    };
  }

  private static CUevent event() {
    CUevent event = new CUevent();
    CudaError.check(
        JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DISABLE_TIMING), "make an event");
    return event;
  }

  @Override
  public void close() {
    JCudaDriver.cuStreamSynchronize(copy);
    JCudaDriver.cuStreamDestroy(copy);
    for (int i = 0; i < SLOTS; i++) {
      JCudaDriver.cuEventDestroy(computed[i]);
      JCudaDriver.cuEventDestroy(copied[i]);
    }
    memory.forEach(JCudaDriver::cuMemFreeHost);
  }
}
