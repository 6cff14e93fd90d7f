package belay.backend.cuda.driver;

import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;
import static jcuda.driver.CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT;

import belay.error.DeviceException;
import belay.error.UnsupportedDeviceException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUuuid;
import jcuda.driver.JCudaDriver;

/** One GPU and this process's context on it. */
public final class CudaDevice implements AutoCloseable {
  private final int ordinal;
  private final CUdevice device = new CUdevice();
  private final CUcontext context = new CUcontext();
  private final String name;
  private final UUID uuid;
  private final int capability;
  private final int multiprocessors;

  /**
   * @param ordinal from 0, within CUDA_VISIBLE_DEVICES
   * @throws DeviceException if there is no such device or it cannot be used
   */
  public CudaDevice(int ordinal) {
    CudaDriver.initialize();
    int[] count = new int[1];
    CudaError.check(JCudaDriver.cuDeviceGetCount(count), "count the GPUs");
    if (ordinal < 0 || ordinal >= count[0]) {
      throw new UnsupportedDeviceException(
          "cuda.device = %d, but the visible GPUs are 0..%d (CUDA_VISIBLE_DEVICES limits them)"
              .formatted(ordinal, count[0] - 1));
    }
    this.ordinal = ordinal;
    CudaError.check(JCudaDriver.cuDeviceGet(device, ordinal), "open GPU " + ordinal);
    this.name = readName();
    this.uuid = readUuid();
    this.capability =
        10 * attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
            + attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
    this.multiprocessors = attribute(CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
    CudaError.check(JCudaDriver.cuDevicePrimaryCtxRetain(context, device), "open GPU " + ordinal);
    makeCurrent();
  }

  /** Lets the calling thread use this device; to be called wherever a thread may be a new one. */
  public void makeCurrent() {
    CudaError.check(JCudaDriver.cuCtxSetCurrent(context), "use GPU " + ordinal);
  }

  public int ordinal() {
    return ordinal;
  }

  public String name() {
    return name;
  }

  /** As nvidia-smi -L writes it. */
  public String uuid() {
    return "GPU-" + uuid;
  }

  /** 10 major + minor, for example 80 for an A100. */
  public int capability() {
    return capability;
  }

  public int multiprocessors() {
    return multiprocessors;
  }

  long freeBytes() {
    long[] free = new long[1];
    CudaError.check(JCudaDriver.cuMemGetInfo(free, new long[1]), "ask for free memory");
    return free[0];
  }

  /** The newest CUDA version that the driver knows, for example 12.4. */
  public static String driverVersion() {
    int[] version = new int[1];
    CudaError.check(JCudaDriver.cuDriverGetVersion(version), "ask for the driver's version");
    return version[0] / 1000 + "." + version[0] % 1000 / 10;
  }

  private int attribute(int which) {
    int[] value = new int[1];
    CudaError.check(
        JCudaDriver.cuDeviceGetAttribute(value, which, device), "describe GPU " + ordinal);
    return value[0];
  }

  private String readName() {
    byte[] bytes = new byte[256];
    CudaError.check(
        JCudaDriver.cuDeviceGetName(bytes, bytes.length, device), "name GPU " + ordinal);
    String text = new String(bytes, StandardCharsets.UTF_8);
    return text.substring(0, text.indexOf(0));
  }

  private UUID readUuid() {
    CUuuid id = new CUuuid();
    CudaError.check(JCudaDriver.cuDeviceGetUuid(id, device), "identify GPU " + ordinal);
    ByteBuffer bytes = ByteBuffer.wrap(id.bytes);
    return new UUID(bytes.getLong(), bytes.getLong());
  }

  @Override
  public void close() {
    CudaError.check(JCudaDriver.cuDevicePrimaryCtxRelease(device), "leave GPU " + ordinal);
  }
}
