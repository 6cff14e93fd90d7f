package belay.train;

import belay.data.ChannelMoments;
import belay.data.ImageSet;
import belay.net.Network;
import belay.net.Operation;
import belay.net.Statistic;

/** The weights that are measured of the training images before the first step, not drawn. */
public final class Measured {
  private final ImageSet images;
  private final float[] weights;

  private Measured(ImageSet images, float[] weights) {
    this.images = images;
    this.weights = weights;
  }

  /**
   * Writes what the network's lines want measured: means and deviations of {@code normalize}.
   *
   * @param images that train, at least one
   * @param weights drawn; parameters, then statistics
   */
  public static void write(Network network, ImageSet images, float[] weights) {
    Measured measured = new Measured(images, weights);
    network.program().operations().forEach(measured::channels);
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

  private void put(float[] values, Statistic statistic) {
    System.arraycopy(values, 0, weights, statistic.offset(), values.length);
  }
}
