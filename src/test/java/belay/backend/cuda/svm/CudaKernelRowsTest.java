package belay.backend.cuda.svm;

import belay.backend.Backend;
import belay.backend.FloatMatrix;
import belay.backend.KernelFunction;
import belay.backend.KernelRows;
import belay.backend.KernelRowsContract;
import belay.backend.Precision;
import belay.backend.cuda.SharedDevices;
import org.junit.jupiter.api.BeforeEach;

/** Kernel matrices on the GPU at hand; skipped where there is none. */
class CudaKernelRowsTest extends KernelRowsContract {
  private Backend device;

  @BeforeEach
  void needsAGpu() {
    device = SharedDevices.open("auto", Precision.FP32);
  }

  @Override
  protected KernelRows open(FloatMatrix left, FloatMatrix right, KernelFunction kernel) {
    return device.kernelRows(left, right, kernel);
  }
}
