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
import belay.backend.Optimizer;
import belay.backend.Precision;
import belay.backend.RandomInputs;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.data.ImageSet;
import belay.error.DeviceException;
import belay.net.Network;
import belay.net.TrainState;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The contract on the GPU at hand, by each tier that it loads; skipped where there is none. */
class CudaBackendTest {
  private static final Map<String, Object> OPEN = new HashMap<>();

  /** Opening a device takes a third of a second, so that the tests of a tier share one. */
  private static Backend open(String tier) {
    Object opened = OPEN.computeIfAbsent(tier, CudaBackendTest::openOrSay);
    return opened instanceof Backend device ? new Shared(device) : abort((String) opened);
  }

  private static Object openOrSay(String tier) {
    try {
      return new CudaBackend(new CudaSettings(0, tier, Precision.FP32));
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
    public TrainPlan compileTraining(
        Network network, TrainSpec spec, ImageSet train, ImageSet test, TrainState start) {
      return device.compileTraining(network, spec, train, test, start);
    }

    @Override
    public EncodePlan compileEncoding(
        Network network, int batch, ImageSet images, float[] weights) {
      return device.compileEncoding(network, batch, images, weights);
    }

    @Override
    public KernelRows kernelRows(FloatMatrix left, FloatMatrix right, KernelFunction kernel) {
      return device.kernelRows(left, right, kernel);
    }

    @Override
    public void close() {}
  }

  /** The contract by one tier's kernels. */
  private abstract static class Tier implements BackendContract {
    private final String tier;

    Tier(String tier) {
      this.tier = tier;
    }

    @BeforeEach
    void needsAGpu() {
      backend();
    }

    @Override
    public Backend backend() {
      return open(tier);
    }
  }

  @Nested
  class Best extends Tier {
    Best() {
      super("auto");
    }
  }

  @Nested
  class Sm90 extends Tier {
    Sm90() {
      super("sm_90");
    }
  }

  @Nested
  class Sm80 extends Tier {
    Sm80() {
      super("sm_80");
    }
  }

  @Nested
  class Sm70 extends Tier {
    Sm70() {
      super("sm_70");
    }
  }

  @Nested
  class Sm35 extends Tier {
    Sm35() {
      super("sm_35");
    }
  }

  @Test
  void aPlanThatNeedsTooMuchMemorySaysWhatToLower() {
    Network network = BackendContract.network(BackendContract.networks().get(9));
    ImageSet images = new RandomInputs(1).images(network, 1);
    TrainSpec spec =
        new TrainSpec(1 << 24, new Optimizer.Sgd(0, 0), TrainSpec.Clipping.NONE, Precision.FP32);
    TrainState start = TrainState.initial(new float[network.parameterCount()], false);
    try (Backend device = open("auto")) {
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
