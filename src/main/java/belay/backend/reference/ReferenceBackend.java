package belay.backend.reference;

import belay.backend.Backend;
import belay.backend.EncodePlan;
import belay.backend.FloatMatrix;
import belay.backend.KernelFunction;
import belay.backend.KernelRows;
import belay.backend.Precision;
import belay.backend.StopFlag;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.data.ImageSet;
import belay.error.DeviceException;
import belay.net.Mark;
import belay.net.Network;
import belay.net.TrainState;
import java.util.function.BooleanSupplier;

/** Plain Java on one thread: slow, and right by construction. */
public final class ReferenceBackend implements Backend {
  private final StopFlag stop;

  public ReferenceBackend() {
    this(() -> false);
  }

  /**
   * @param stop looked at before each operation, and each image of a convolution
   */
  public ReferenceBackend(BooleanSupplier stop) {
    this.stop = new StopFlag(stop);
  }

  @Override
  public String describe() {
    return "reference (plain Java, 1 thread, fp32)";
  }

  @Override
  public String arithmetic() {
    return "reference";
  }

  @Override
  public TrainPlan compileTraining(
      Network network, TrainSpec spec, ImageSet train, ImageSet test, TrainState start) {
    if (spec.precision() != Precision.FP32) {
      throw new DeviceException(
          "The reference backend computes in fp32 only: set train.precision=fp32");
    }
    return new ReferenceTrainPlan(stop, network, spec, train, test, start);
  }

  @Override
  public EncodePlan compileEncoding(
      Network network, Mark upTo, int batch, ImageSet images, float[] weights) {
    return new ReferenceEncodePlan(stop, network.program(), upTo, images, weights);
  }

  @Override
  public KernelRows kernelRows(FloatMatrix left, FloatMatrix right, KernelFunction kernel) {
    return new ReferenceKernelRows(stop, left, right, kernel);
  }

  @Override
  public void close() {}
}
