package belay.backend.cuda.driver;

import belay.error.DeviceException;
import belay.error.UnsupportedDeviceException;
import jcuda.driver.CUresult;

/** The one place that turns the driver's result codes into messages that say what to do. */
public final class CudaError {
  private CudaError() {}

  /**
   * @param doing what was asked of the driver, as it reads after "Cannot", for example "load
   *     kernels"
   * @throws DeviceException unless the result is success
   */
  public static void check(int result, String doing) {
    if (result != CUresult.CUDA_SUCCESS) {
      String problem =
          "Cannot %s (%s). %s".formatted(doing, CUresult.stringFor(result), advice(result));
      throw isOfImages(result)
          ? new UnsupportedDeviceException(problem)
          : new DeviceException(problem);
    }
  }

  private static boolean isOfImages(int result) {
    return switch (result) {
      case CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU,
          CUresult.CUDA_ERROR_INVALID_PTX,
          CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION,
          CUresult.CUDA_ERROR_INVALID_IMAGE ->
          true;
      default -> false;
    };
  }

  private static String advice(int result) {
    return switch (result) {
      case CUresult.CUDA_ERROR_NO_DEVICE ->
          "No GPU is visible: ask the scheduler for one and look at CUDA_VISIBLE_DEVICES"
              + shown()
              + ", or choose --backend cpu";
      case CUresult.CUDA_ERROR_OUT_OF_MEMORY ->
          "Another process may fill the GPU (nvidia-smi tells); otherwise lower train.batch";
      case CUresult.CUDA_ERROR_INVALID_DEVICE ->
          "cuda.device counts from 0 within CUDA_VISIBLE_DEVICES" + shown();
      case CUresult.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH,
          CUresult.CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE,
          CUresult.CUDA_ERROR_STUB_LIBRARY ->
          "The libcuda.so.1 that was found does not belong to this node's driver: look at"
              + " LD_LIBRARY_PATH";
      case CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU,
          CUresult.CUDA_ERROR_INVALID_PTX,
          CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION,
          CUresult.CUDA_ERROR_INVALID_IMAGE ->
          "This jar holds no kernels that this GPU and driver can load: update the driver, or build"
              + " the jar with an older CUDA toolkit as well";
      case CUresult.CUDA_ERROR_DEVICE_UNAVAILABLE ->
          "Another process owns this GPU (compute mode EXCLUSIVE_PROCESS): choose another by"
              + " cuda.device";
      case CUresult.CUDA_ERROR_ECC_UNCORRECTABLE,
          CUresult.CUDA_ERROR_HARDWARE_STACK_ERROR,
          CUresult.CUDA_ERROR_NOT_INITIALIZED,
          CUresult.CUDA_ERROR_UNKNOWN ->
          "The GPU or its driver has failed: tell the administrators, resubmit to another node";
      default -> "Resubmit; if it comes again, please report it with the log";
    };
  }

  private static String shown() {
    String visible = System.getenv("CUDA_VISIBLE_DEVICES");
    return visible == null ? "" : " (now '" + visible + "')";
  }
}
