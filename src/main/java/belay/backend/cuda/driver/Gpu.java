package belay.backend.cuda.driver;

import static jcuda.driver.CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUfunction;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/** A device with its loaded kernels: what plans need of it. */
public record Gpu(CudaDevice device, KernelImages images) implements Loader {
  public Tape tape() {
    return new Tape(this, device.multiprocessors());
  }

  @Override
  public CUfunction function(Call call) {
    CUfunction function = images.function(call.file(), call.name());
    if (call.shared() > 0) {
      CudaError.check(
          JCudaDriver.cuFuncSetAttribute(
              function, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, call.shared()),
          "give kernel " + call.name() + " its shared memory");
    }
    return function;
  }

  @Override
  public void upload(CUdeviceptr to, long[] table) {
    upload(to, Pointer.to(table), 8L * table.length);
  }

  /**
   * Copies bytes, which are there when this returns: by itself the driver may return while pageable
   * memory is still on its way, and streams that do not block would not wait for it.
   */
  static void upload(CUdeviceptr to, Pointer from, long bytes) {
    CudaError.check(JCudaDriver.cuMemcpyHtoD(to, from, bytes), "copy to the GPU");
    CudaError.check(JCudaDriver.cuStreamSynchronize(new CUstream()), "copy to the GPU");
  }

  /** Queues calls in order. */
  public void run(CUstream stream, Call... calls) {
    Tape tape = tape();
    for (Call call : calls) {
      tape.add(call);
    }
    tape.run(stream);
  }

  public CUstream stream() {
    CUstream stream = new CUstream();
    CudaError.check(
        JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING), "make a stream");
    return stream;
  }

  /** Of work that overtakes what other streams have queued. */
  public CUstream urgentStream() {
    int[] most = new int[1];
    CudaError.check(
        JCudaDriver.cuCtxGetStreamPriorityRange(new int[1], most), "ask for priorities");
    CUstream stream = new CUstream();
    CudaError.check(
        JCudaDriver.cuStreamCreateWithPriority(
            stream, CUstream_flags.CU_STREAM_NON_BLOCKING, most[0]),
        "make a stream");
    return stream;
  }

  public static ByteBuffer table(long bytes) {
    return ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.nativeOrder());
  }

  public static ByteBuffer table(double[] values) {
    ByteBuffer table = table(8L * values.length);
    table.asDoubleBuffer().put(values);
    return table;
  }

  public static ByteBuffer table(int[] values) {
    ByteBuffer table = table(4L * values.length);
    table.asIntBuffer().put(values);
    return table;
  }

  /**
   * Copies a table behind what a stream has queued, and waits: a plain copy could still be on its
   * way when a kernel of such a stream begins.
   */
  public static void upload(CUdeviceptr to, ByteBuffer table, CUstream stream) {
    CudaError.check(
        JCudaDriver.cuMemcpyHtoDAsync(
            to, Pointer.toBuffer(table.duplicate().clear()), table.capacity(), stream),
        "copy to the GPU");
    CudaError.check(JCudaDriver.cuStreamSynchronize(stream), "copy to the GPU");
  }

  /** Waits for a stream, then copies what it computed. */
  public static void download(Pointer to, CUdeviceptr from, long bytes, CUstream stream) {
    CudaError.check(JCudaDriver.cuStreamSynchronize(stream), "compute");
    CudaError.check(JCudaDriver.cuMemcpyDtoH(to, from, bytes), "copy from the GPU");
  }
}
