package belay.backend.cuda.svm;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import belay.backend.Backend;
import belay.backend.Precision;
import belay.backend.SvmContract;
import belay.backend.SvmLayout;
import belay.backend.cuda.CudaBackend;
import belay.backend.cuda.CudaSettings;
import belay.backend.cuda.SharedDevices;
import belay.backend.cuda.TierFormat;
import belay.error.DeviceException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Support vector machines on the GPU at hand, by each tier; skipped where there is none. */
@ParameterizedClass(allowZeroInvocations = true) // they compute in two formats only
@MethodSource("belay.backend.cuda.TierFormat#ofSvm")
class CudaSvmTest extends SvmContract {
  private final TierFormat format;
  private Backend device;

  CudaSvmTest(TierFormat format) {
    this.format = format;
  }

  @BeforeEach
  void needsAGpu() {
    SharedDevices.open(format.tier(), Precision.FP32);
    device = new CudaBackend(new CudaSettings(0, format.tier(), Precision.FP32));
    assumeTrue(supports());
  }

  private boolean supports() {
    try {
      device.compileSvm(new SvmLayout(new int[] {1}, 1, precision(), 0)).orElseThrow().close();
      return true;
    } catch (DeviceException e) {
      return false;
    }
  }

  @AfterEach
  void close() {
    if (device != null) {
      device.close();
    }
  }

  @Override
  protected Backend backend() {
    return device;
  }

  @Override
  protected Precision precision() {
    return format.precision();
  }
}
