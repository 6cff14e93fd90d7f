package belay.backend.cuda.driver;

import belay.error.DeviceException;
import java.util.ArrayList;
import java.util.List;
import jcuda.NativePointerObject;
import jcuda.Pointer;
import jcuda.driver.CUdeviceptr;
import jcuda.driver.CUpointer_attribute;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** Device memory of a plan: all parts are reserved first, then allocated at once. */
public final class Arena implements AutoCloseable {
  private static final int ALIGNMENT = 256;

  private final CUdeviceptr base = new CUdeviceptr();
  private final List<Slice> slices = new ArrayList<>();
  private long size;
  private boolean allocated;

  /** A part of the arena. Its size may grow until the arena is allocated. */
  public final class Slice implements Address {
    private long bytes;
    private CUdeviceptr pointer;
    private long address;

    private Slice(long bytes) {
      this.bytes = bytes;
    }

    /** Makes room for at least so many bytes. */
    public void atLeast(long needed) {
      bytes = Math.max(bytes, needed);
    }

    public long bytes() {
      return bytes;
    }

    public CUdeviceptr pointer() {
      return pointer;
    }

    @Override
    public NativePointerObject argument() {
      return Pointer.to(pointer);
    }

    @Override
    public long address() {
      return address;
    }

    /** The address of value number {@code index} of four bytes each. */
    public Address at(long index) {
      if (pointer == null) {
        throw new IllegalStateException("No address before the arena is allocated");
      }
      return Address.of(address + 4 * index);
    }

    public void upload(Pointer source, long count) {
      Gpu.upload(pointer, source, count);
    }

    public void download(Pointer target, long count) {
      CudaError.check(JCudaDriver.cuMemcpyDtoH(target, pointer, count), "copy from the GPU");
    }

    public void clear() {
      CudaError.check(JCudaDriver.cuMemsetD8(pointer, (byte) 0, bytes), "clear memory");
    }
  }

  public Slice reserve(long bytes) {
    Slice slice = new Slice(bytes);
    slices.add(slice);
    return slice;
  }

  /**
   * @param what for people, for example "the training plan"
   * @param remedy what to do where memory is short
   */
  public void allocate(CudaDevice device, String what, String remedy) {
    size = wanted();
    int result = JCudaDriver.cuMemAlloc(base, Math.max(size, 1));
    if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
      throw new DeviceException(
          "Cannot allocate %s: need %s, %s free on GPU %d (CUDA_ERROR_OUT_OF_MEMORY). %s"
              .formatted(
                  what, readable(size), readable(device.freeBytes()), device.ordinal(), remedy));
    }
    CudaError.check(result, "allocate " + readable(size) + " for " + what);
    allocated = true;
    place(base, address(base));
  }

  /**
   * Says where the parts lie: one after the other from a place on.
   *
   * @param address of the place as a number
   */
  public void place(CUdeviceptr from, long address) {
    long offset = 0;
    for (Slice slice : slices) {
      slice.pointer = from.withByteOffset(offset);
      slice.address = address + offset;
      offset += aligned(slice.bytes);
    }
  }

  public long size() {
    return size;
  }

  /** What allocating would need by now. */
  public long wanted() {
    return slices.stream().mapToLong(slice -> aligned(slice.bytes)).sum();
  }

  private static long aligned(long bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  public static long address(CUdeviceptr pointer) {
    long[] address = new long[1];
    CudaError.check(
        JCudaDriver.cuPointerGetAttribute(
            Pointer.to(address), CUpointer_attribute.CU_POINTER_ATTRIBUTE_DEVICE_POINTER, pointer),
        "find an address");
    return address[0];
  }

  public static String readable(long bytes) {
    return bytes < 1L << 30
        ? "%.1f MiB".formatted(bytes / (double) (1 << 20))
        : "%.1f GiB".formatted(bytes / (double) (1 << 30));
  }

  @Override
  public void close() {
    if (allocated) {
      allocated = false;
      CudaError.check(JCudaDriver.cuMemFree(base), "free memory");
    }
  }
}
