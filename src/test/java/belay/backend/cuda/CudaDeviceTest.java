package belay.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.Backend;
import belay.backend.BackendContract;
import belay.backend.Precision;
import belay.backend.RandomInputs;
import belay.backend.TrainSpec;
import belay.backend.UpdateRule;
import belay.data.ImageSet;
import belay.error.DeviceException;
import belay.net.Network;
import belay.net.TrainState;
import org.junit.jupiter.api.Test;

/** What a device says that cannot do what was asked. */
class CudaDeviceTest {
  @Test
  void aPlanThatNeedsTooMuchMemorySaysWhatToLower() {
    Network network = BackendContract.network(BackendContract.networks().get(9));
    ImageSet images = new RandomInputs(1).images(network, 1);
    TrainSpec spec =
        new TrainSpec(
            1 << 24, 8, 1, new UpdateRule.Sgd(0, 0), TrainSpec.Clipping.NONE, Precision.FP32);
    TrainState start =
        TrainState.initial(network, new float[network.parameterCount()], spec.rule().slots());
    try (Backend device = SharedDevices.open("auto", Precision.FP32)) {
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
