package belay.backend.cuda;

import belay.backend.Precision;
import belay.error.DeviceException;
import jcuda.driver.CUstream;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;

/** A device with its loaded kernels: what plans need of it. */
record Gpu(CudaDevice device, KernelImages images) {
  Tape tape() {
    return new Tape(images, device.multiprocessors());
  }

  CUstream stream() {
    CUstream stream = new CUstream();
    CudaError.check(
        JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING), "make a stream");
    return stream;
  }

  /**
   * @throws DeviceException if the tier in use lacks this precision
   */
  Format format(Precision precision) {
    if (precision == Precision.FP32) {
      // The matrix units of gaming GPUs (8.6, 8.9) are not three times as fast as their other
      // units.
      return images.has("gather_gemm_tf32x3") && device.capability() % 10 == 0
          ? Format.F32_BY_TF32
          : Format.F32;
    }
    Format format = Format.of(precision);
    if (!images.has("gather_gemm_" + format.products())) {
      throw new DeviceException(
          "%s with kernels of tier %s cannot compute in %s: set train.precision=fp32"
              .formatted(device.name(), images.tier(), format.suffix()));
    }
    return format;
  }

  Products products(Format format) {
    return new TiledProducts(format, device.multiprocessors(), images.tierNumber());
  }
}
