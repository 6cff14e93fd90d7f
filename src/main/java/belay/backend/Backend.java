package belay.backend;

import belay.data.ImageSet;
import belay.net.Mark;
import belay.net.Network;
import belay.net.TrainState;
import java.util.Optional;

/**
 * A device that runs networks. Not safe for use by several threads at once.
 *
 * <p>A backend whose calls may last longer than a second is made with a stop flag and looks at it
 * within them. When asked to stop, a call drops its work, waits for its threads and throws a {@link
 * belay.error.StoppedException}; plans and kernel matrices can be used as if it had not been made.
 */
public interface Backend extends AutoCloseable {
  /**
   * The device for people, for example "oneDNN 3.11.0, 2 threads, avx512_core". Not the precision:
   * each plan has its own.
   */
  String describe();

  /** The GPU's identity as nvidia-smi -L writes it; empty for a processor. */
  default Optional<String> gpuUuid() {
    return Optional.empty();
  }

  /**
   * What decides the bits of a result besides the network and the data: library and kind of
   * processor. Two devices that say the same give the same bits.
   */
  String arithmetic();

  /**
   * @param train images that steps draw from
   * @param test images that evaluation draws from
   * @param start weights, moments and counters to go on from
   * @throws belay.error.DeviceException if the device lacks memory or the precision asked for
   */
  TrainPlan compileTraining(
      Network network, TrainSpec spec, ImageSet train, ImageSet test, TrainState start);

  /**
   * @param upTo mark of the value to compute: the features, or the reconstruction
   * @param batch images that one call encodes at most
   * @param weights the parameter vector
   */
  EncodePlan compileEncoding(
      Network network, Mark upTo, int batch, ImageSet images, float[] weights);

  /**
   * Blocks of the matrix kernel(left_i, right_j).
   *
   * @param left samples [n, d]
   * @param right samples [m, d]; the same object as left for a training matrix
   * @throws belay.error.StoppedException if asked to stop while the samples are taken in
   */
  KernelRows kernelRows(FloatMatrix left, FloatMatrix right, KernelFunction kernel);

  /**
   * Support vector machines trained where this device computes.
   *
   * @return empty if this backend only computes {@link #kernelRows}
   * @throws belay.error.DeviceException if the samples and one problem do not fit, with the least
   *     memory that works, or if the device lacks the precision
   */
  default Optional<SvmPlan> compileSvm(SvmLayout layout) {
    return Optional.empty();
  }

  /**
   * A classifier's decisions computed by this device.
   *
   * @param support scaled support vectors, sorted by class [s, d]
   * @return empty if this backend only computes {@link #kernelRows}
   * @throws belay.error.DeviceException if it does not fit, or if the device lacks the precision
   */
  default Optional<DecisionPlan> compileDecisions(FloatMatrix support, DecisionSpec spec) {
    return Optional.empty();
  }

  @Override
  void close();
}
