package belay.backend.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.error.UnsupportedDeviceException;
import jcuda.driver.CUresult;
import org.junit.jupiter.api.Test;

class KernelImagesTest {
  /** A GPU older than any tier: nothing is wrong with its node. */
  @Test
  void aJarWithoutFittingKernelsIsNoBrokenDevice() {
    UnsupportedDeviceException problem =
        assertThrows(UnsupportedDeviceException.class, () -> KernelImages.candidates("auto", 30));
    String words = KernelImages.tiersInJar().isEmpty() ? "without nvcc" : "tier auto";
    assertTrue(problem.getMessage().startsWith("This jar "), problem.getMessage());
    assertTrue(problem.getMessage().contains(words), problem.getMessage());
    assertThrows(
        UnsupportedDeviceException.class,
        () -> CudaError.check(CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU, "load kernels"));
  }
}
