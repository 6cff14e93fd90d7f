package belay.backend.cuda;

import belay.backend.Backend;
import belay.backend.DecisionPlan;
import belay.backend.DecisionSpec;
import belay.backend.EncodePlan;
import belay.backend.FloatMatrix;
import belay.backend.KernelFunction;
import belay.backend.KernelRows;
import belay.backend.SvmLayout;
import belay.backend.SvmPlan;
import belay.backend.TrainPlan;
import belay.backend.TrainSpec;
import belay.backend.cuda.driver.CudaDevice;
import belay.backend.cuda.driver.Gpu;
import belay.backend.cuda.driver.KernelImages;
import belay.backend.cuda.net.CudaEncodePlan;
import belay.backend.cuda.net.CudaTrainPlan;
import belay.backend.cuda.svm.CudaDecisionPlan;
import belay.backend.cuda.svm.CudaKernelRows;
import belay.backend.cuda.svm.CudaSvmPlan;
import belay.data.ImageSet;
import belay.net.Mark;
import belay.net.Network;
import belay.net.TrainState;
import java.util.List;
import java.util.Optional;

/** One NVIDIA GPU, with the kernels of kernels/ in the jar. */
public final class CudaBackend implements Backend {
  private final CudaSettings settings;
  private final CudaDevice device;
  private final Gpu gpu;

  /**
   * @throws belay.error.DeviceException if there is no driver, no such GPU, or no kernel for it;
   *     the message says what to do
   */
  public CudaBackend(CudaSettings settings) {
    this.settings = settings;
    this.device = new CudaDevice(settings.device());
    try {
      this.gpu = new Gpu(device, new KernelImages(device, settings.tier()));
    } catch (RuntimeException e) {
      device.close();
      throw e;
    }
  }

  /** The tiers of kernels that this jar has, newest first; none if it was built without nvcc. */
  public static List<String> tiersInJar() {
    return KernelImages.tiersInJar();
  }

  @Override
  public String describe() {
    return "%s (%s, CUDA %s driver, GPU %d, %s)"
        .formatted(
            device.name(),
            gpu.images().tier(),
            CudaDevice.driverVersion(),
            device.ordinal(),
            device.uuid());
  }

  @Override
  public Optional<String> gpuUuid() {
    return Optional.of(device.uuid());
  }

  @Override
  public String arithmetic() {
    return device.name() + ", " + gpu.images().tier();
  }

  @Override
  public TrainPlan compileTraining(
      Network network, TrainSpec spec, ImageSet train, ImageSet test, TrainState start) {
    device.makeCurrent();
    return new CudaTrainPlan(gpu, network, spec, train, test, start);
  }

  @Override
  public EncodePlan compileEncoding(
      Network network, Mark upTo, int batch, ImageSet images, float[] weights) {
    device.makeCurrent();
    return new CudaEncodePlan(
        gpu, network.program(), upTo, batch, images, weights, settings.encoding());
  }

  @Override
  public KernelRows kernelRows(FloatMatrix left, FloatMatrix right, KernelFunction kernel) {
    device.makeCurrent();
    return new CudaKernelRows(gpu, left, right, kernel);
  }

  @Override
  public Optional<SvmPlan> compileSvm(SvmLayout layout) {
    device.makeCurrent();
    return Optional.of(new CudaSvmPlan(gpu, layout));
  }

  @Override
  public Optional<DecisionPlan> compileDecisions(FloatMatrix support, DecisionSpec spec) {
    device.makeCurrent();
    return Optional.of(
        new CudaDecisionPlan(
            gpu, spec, support.rows(), 0, matrix -> matrix.fill(support.values())));
  }

  /** For benchmarks. */
  public Gpu gpu() {
    return gpu;
  }

  @Override
  public void close() {
    device.makeCurrent();
    gpu.images().close();
    device.close();
  }
}
