package belay.backend.cuda;

import static org.junit.jupiter.api.Assumptions.abort;

import belay.backend.Backend;
import belay.backend.EncodePlan;
import belay.backend.FloatMatrix;
import belay.backend.KernelFunction;
import belay.backend.KernelRows;
import belay.backend.Precision;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.backend.cuda.driver.Gpu;
import belay.data.ImageSet;
import belay.error.DeviceException;
import belay.net.Mark;
import belay.net.Network;
import belay.net.TrainState;
import java.util.HashMap;
import java.util.Map;

/** The devices of all tests: opening one takes a third of a second. */
public final class SharedDevices {
  private static final Map<CudaSettings, Object> OPEN = new HashMap<>();

  private SharedDevices() {}

  /** Aborts the test where there is no such device. */
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
        OPEN.computeIfAbsent(new CudaSettings(0, tier, precision), SharedDevices::openOrSay);
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
}
