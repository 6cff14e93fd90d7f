package belay.backend.cuda.svm;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import belay.backend.Backend;
import belay.backend.Precision;
import belay.backend.SvmContract;
import belay.backend.SvmLayout;
import belay.backend.cuda.CudaBackend;
import belay.backend.cuda.CudaBackendTest;
import belay.backend.cuda.CudaSettings;
import belay.error.DeviceException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/** Support vector machines on the GPU at hand, by each tier; skipped where there is none. */
class CudaSvmTest {
  private abstract static class Tier extends SvmContract {
    private final String tier;
    private final Precision precision;
    private Backend device;

    Tier(String tier, Precision precision) {
      this.tier = tier;
      this.precision = precision;
    }

    @BeforeEach
    void needsAGpu() {
      CudaBackendTest.open(tier, Precision.FP32);
      device = new CudaBackend(new CudaSettings(0, tier, Precision.FP32));
      assumeTrue(supports());
    }

    private boolean supports() {
      try {
        device.compileSvm(new SvmLayout(new int[] {1}, 1, precision, 0)).orElseThrow().close();
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
      return precision;
    }
  }

  @Nested
  class Best extends Tier {
    Best() {
      super("auto", Precision.FP32);
    }
  }

  @Nested
  class Tf32 extends Tier {
    Tf32() {
      super("auto", Precision.TF32);
    }
  }

  @Nested
  class Sm80 extends Tier {
    Sm80() {
      super("sm_80", Precision.FP32);
    }
  }

  @Nested
  class Sm80Tf32 extends Tier {
    Sm80Tf32() {
      super("sm_80", Precision.TF32);
    }
  }

  @Nested
  class Sm70 extends Tier {
    Sm70() {
      super("sm_70", Precision.FP32);
    }
  }

  @Nested
  class Sm35 extends Tier {
    Sm35() {
      super("sm_35", Precision.FP32);
    }
  }
}
