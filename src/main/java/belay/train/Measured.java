package belay.train;

import belay.data.ChannelMoments;
import belay.data.ImageSet;
import belay.net.Network;
import belay.net.Operation;
import belay.net.Parameter;
import belay.net.Program;
import belay.net.Statistic;
import java.util.Arrays;
import java.util.List;

/** The weights that are measured of the training images before the first step, not drawn. */
public final class Measured {
  /** Images that whitening looks at. */
  private static final int WHITENED = 5000;

  /** Added to eigenvalues: patches hardly vary along most of their directions. */
  private static final double EPSILON = 5e-4;

  private final Program program;
  private final ImageSet images;
  private final float[] weights;

  private Measured(Program program, ImageSet images, float[] weights) {
    this.program = program;
    this.images = images;
    this.weights = weights;
  }

  /**
   * Writes what the network's lines want measured: means and deviations of {@code normalize}, then
   * filters of {@code init=whiten}.
   *
   * @param images that train, at least one
   * @param weights drawn; parameters, then statistics
   */
  public static void write(Network network, ImageSet images, float[] weights) {
    Measured measured = new Measured(network.program(), images, weights);
    network.program().operations().forEach(measured::channels);
    network.program().operations().forEach(measured::filters);
  }

  private void channels(Operation operation) {
    for (Statistic statistic : operation.statistics()) {
      if (statistic.kind() == Statistic.Kind.DEVIATION) {
        ChannelMoments moments = ChannelMoments.of(images);
        put(moments.deviation(), statistic);
        put(moments.mean(), operation.statistics().get(0));
      }
    }
  }

  private void filters(Operation operation) {
    operation.parameters().stream()
        .filter(parameter -> parameter.start() == Parameter.Start.WHITEN)
        .forEach(kernel -> whiten(kernel, operation.inputs().get(0)));
  }

  /**
   * For each eigenvector v of the patches' second moments, of eigenvalue e, the filters v / sqrt(e
   * + epsilon) and its negative: the largest e first, all negatives behind.
   *
   * @param kernel [k, k, C, 2 k k C]
   * @param input number of the value that it reads
   */
  private void whiten(Parameter kernel, int input) {
    int channels = kernel.shape().get(2);
    double[] mean = new double[channels];
    double[] deviation = new double[channels];
    Arrays.fill(deviation, 1);
    if (input > 0) {
      List<Statistic> seen = program.definition(input).statistics();
      get(seen.get(0), mean);
      get(seen.get(1), deviation);
    }
    PatchMoments patches = PatchMoments.of(images, WHITENED, kernel.shape().get(0));
    SymmetricEigen of = SymmetricEigen.of(patches.secondMoments(mean, deviation));
    int size = of.values().length;
    for (int k = 0; k < size; k++) {
      double length = 1 / Math.sqrt(Math.max(0, of.values()[k]) + EPSILON);
      for (int i = 0; i < size; i++) {
        int at = kernel.offset() + 2 * size * i + k;
        weights[at] = (float) (length * of.vectors()[k][i]);
        weights[at + size] = -weights[at];
      }
    }
  }

  private void get(Statistic statistic, double[] values) {
    Arrays.setAll(values, i -> weights[statistic.offset() + i]);
  }

  private void put(float[] values, Statistic statistic) {
    System.arraycopy(values, 0, weights, statistic.offset(), values.length);
  }
}
