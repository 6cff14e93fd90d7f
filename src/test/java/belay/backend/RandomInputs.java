package belay.backend;

import belay.data.ImageFormat;
import belay.data.ImageSet;
import belay.net.Network;
import belay.net.Parameter;
import belay.net.Role;
import java.util.Random;

/** Random images, matrices and weights; -Dbelay.test.seed=N draws others. */
public final class RandomInputs {
  private final Random random;

  public RandomInputs(long salt) {
    this.random = new Random(Long.getLong("belay.test.seed", 1) * 1_000_003 + salt);
  }

  public ImageSet images(Network network, int count) {
    ImageFormat format =
        new ImageFormat(
            network.input().height(), network.input().width(), network.input().channels(), 10);
    byte[] pixels = new byte[count * format.imageBytes()];
    random.nextBytes(pixels);
    byte[] labels = new byte[count];
    int classes = Math.max(2, network.classes());
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) Math.floorMod(pixels[i * format.imageBytes()], classes);
    }
    return new ImageSet(format, pixels, labels);
  }

  public float[] gaussian(int count, double deviation) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextGaussian() * deviation);
    }
    return values;
  }

  /**
   * Weights that keep values near 1 through any number of operations: kernels as He et al. 2015
   * draw them; statistics with positive variances.
   */
  public float[] weights(Network network) {
    float[] weights = gaussian(network.weightCount(), 1);
    for (Parameter parameter : network.program().parameters()) {
      double deviation =
          switch (parameter.role()) {
            case KERNEL -> Math.sqrt(2.0 / parameter.fans().in());
            case BIAS, SCALE, SHIFT -> 0.3;
          };
      double mean = parameter.role() == Role.SCALE ? 1 : 0;
      for (int i = parameter.offset(); i < parameter.end(); i++) {
        weights[i] = (float) (mean + deviation * weights[i]);
      }
    }
    for (int i = network.parameterCount(); i < weights.length; i++) {
      weights[i] = (float) Math.exp(weights[i] / 2);
    }
    return weights;
  }

  public FloatMatrix matrix(int rows, int columns) {
    return new FloatMatrix(rows, columns, gaussian(rows * columns, 1));
  }

  public int[] rows(int count, int bound) {
    return random.ints(count, 0, bound).toArray();
  }
}
