package belay.backend.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import belay.backend.Backend;
import belay.backend.BackendContract;
import belay.backend.Candidate;
import belay.backend.Precision;
import belay.backend.RandomInputs;
import belay.data.ImageSet;
import belay.error.DeviceException;
import belay.net.Mark;
import belay.net.Network;
import org.junit.jupiter.api.BeforeEach;

/** One tier's kernels in one number format; tests are skipped where the GPU at hand has neither. */
abstract class CudaCandidate implements Candidate {
  private final TierFormat format;

  CudaCandidate(TierFormat format) {
    this.format = format;
  }

  @BeforeEach
  void needsAGpu() {
    backend();
    assumeTrue(supports());
  }

  private boolean supports() {
    try (Backend device = backend()) {
      Network network = BackendContract.network(BackendContract.networks().get(0));
      ImageSet images = new RandomInputs(1).images(network, 1);
      float[] weights = new float[network.parameterCount()];
      device.compileEncoding(network, Mark.LATENT, 1, images, weights).close();
      return true;
    } catch (DeviceException e) {
      return false;
    }
  }

  @Override
  public Backend backend() {
    return SharedDevices.open(format.tier(), format.precision());
  }

  @Override
  public Precision precision() {
    return format.precision();
  }

  /**
   * fp32: near ties of ReLU and maximum fall the other way here and there, which moves whole
   * gradients. Others: rounding to 11 or 8 bits of mantissa in each of up to 10 operations, and
   * more such ties.
   */
  @Override
  public double tolerance() {
    return switch (precision()) {
      case FP32 -> 5e-5;
      case TF32, FP16 -> 0.1;
      case BF16 -> 0.2;
    };
  }

  @Override
  public double bias() {
    return precision() == Precision.FP32 ? 1 : 6;
  }
}
