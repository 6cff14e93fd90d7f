package belay.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import belay.backend.Backend;
import belay.backend.BackendContract;
import belay.backend.EncodePlan;
import belay.backend.FloatMatrix;
import belay.backend.KernelFunction;
import belay.backend.KernelRows;
import belay.backend.Precision;
import belay.backend.RandomInputs;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.backend.UpdateRule;
import belay.backend.cuda.driver.Gpu;
import belay.data.ImageSet;
import belay.error.DeviceException;
import belay.net.Mark;
import belay.net.Network;
import belay.net.TrainState;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The contract on the GPU at hand, by each tier that it loads; skipped where there is none. */
public class CudaBackendTest {
  private static final Map<CudaSettings, Object> OPEN = new HashMap<>();

  /** Opening a device takes a third of a second, so that the tests of a tier share one. */
  public static Backend open(String tier, Precision precision) {
    return new Shared(device(tier, precision));
  }

  /** The same device, whose context is the current one then. */
  static Gpu gpu(String tier, Precision precision) {
    Gpu gpu = device(tier, precision).gpu();
    gpu.device().makeCurrent();
    return gpu;
  }

  private static CudaBackend device(String tier, Precision precision) {
    Object opened =
        OPEN.computeIfAbsent(new CudaSettings(0, tier, precision), CudaBackendTest::openOrSay);
    return opened instanceof CudaBackend device ? device : abort((String) opened);
  }

  private static Object openOrSay(CudaSettings settings) {
    try {
      return new CudaBackend(settings);
    } catch (DeviceException e) {
      return e.getMessage();
    }
  }

  private record Shared(Backend device) implements Backend {
    @Override
    public String describe() {
      return device.describe();
    }

    @Override
    public String arithmetic() {
      return device.arithmetic();
    }

    @Override
    public TrainPlan compileTraining(
        Network network, TrainSpec spec, ImageSet train, ImageSet test, TrainState start) {
      return device.compileTraining(network, spec, train, test, start);
    }

    @Override
    public EncodePlan compileEncoding(
        Network network, Mark upTo, int batch, ImageSet images, float[] weights) {
      return device.compileEncoding(network, upTo, batch, images, weights);
    }

    @Override
    public KernelRows kernelRows(FloatMatrix left, FloatMatrix right, KernelFunction kernel) {
      return device.kernelRows(left, right, kernel);
    }

    @Override
    public void close() {}
  }

  /** The contract by one tier's kernels in one number format. */
  private abstract static class Tier extends CudaCandidate implements BackendContract {
    Tier(String tier, Precision precision) {
      super(tier, precision);
    }
  }

  @Nested
  class Best extends Tier {
    Best() {
      super("auto", Precision.FP32);
    }
  }

  @Nested
  class Sm90 extends Tier {
    Sm90() {
      super("sm_90", Precision.FP32);
    }
  }

  @Nested
  class Sm80 extends Tier {
    Sm80() {
      super("sm_80", Precision.FP32);
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

  @Nested
  class Tf32 extends Tier {
    Tf32() {
      super("auto", Precision.TF32);
    }
  }

  @Nested
  class Bf16 extends Tier {
    Bf16() {
      super("auto", Precision.BF16);
    }
  }

  @Nested
  class Fp16 extends Tier {
    Fp16() {
      super("auto", Precision.FP16);
    }
  }

  @Nested
  class Sm70Fp16 extends Tier {
    Sm70Fp16() {
      super("sm_70", Precision.FP16);
    }
  }

  @Nested
  class Sm80Tf32 extends Tier {
    Sm80Tf32() {
      super("sm_80", Precision.TF32);
    }
  }

  @Nested
  class Sm80Bf16 extends Tier {
    Sm80Bf16() {
      super("sm_80", Precision.BF16);
    }
  }

  @Nested
  class Sm80Fp16 extends Tier {
    Sm80Fp16() {
      super("sm_80", Precision.FP16);
    }
  }

  @Test
  void aPlanThatNeedsTooMuchMemorySaysWhatToLower() {
    Network network = BackendContract.network(BackendContract.networks().get(9));
    ImageSet images = new RandomInputs(1).images(network, 1);
    TrainSpec spec =
        new TrainSpec(
            1 << 24, 8, 1, new UpdateRule.Sgd(0, 0), TrainSpec.Clipping.NONE, Precision.FP32);
    TrainState start =
        TrainState.initial(network, new float[network.parameterCount()], spec.rule().slots());
    try (Backend device = open("auto", Precision.FP32)) {
      DeviceException problem =
          assertThrows(
              DeviceException.class,
              () -> device.compileTraining(network, spec, images, images, start));
      assertTrue(problem.getMessage().contains("Lower train.batch, now 16777216"));
    }
  }

  @Test
  void aMachineWithoutSuchADeviceSaysSoInOneLine() {
    DeviceException problem =
        assertThrows(
            DeviceException.class,
            () -> new CudaBackend(new CudaSettings(99, "auto", Precision.FP32)));
    assertEquals(1, problem.getMessage().lines().count());
  }
}
