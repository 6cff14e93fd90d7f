package belay.backend;

import belay.data.ImageSet;
import belay.data.RowOrder;
import belay.net.Network;
import belay.net.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The first training step's forward pass of a minibatch in double, shard by shard.
 *
 * @param rows of the minibatch
 */
public record DoubleMinibatch(Program program, TrainSpec spec, ImageSet images, int[] rows) {
  private static double[] widened(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  /** All images outside of training. */
  public static DoubleForward inference(Network network, ImageSet images, float[] weights) {
    double[] x = pixels(images, RowOrder.identity(images.count()), 0, images.count());
    return new DoubleForward(network.program(), widened(weights), x, Optional.empty());
  }

  private static double[] pixels(ImageSet images, int[] rows, int from, int to) {
    float[] x = new float[(to - from) * images.format().imageBytes()];
    images.normalized(rows, from, to, x);
    return widened(x);
  }

  List<DoubleForward> shards(double[] weights) {
    List<DoubleForward> shards = new ArrayList<>();
    int size = spec.shardSize(rows.length);
    for (int from = 0; from < rows.length; from += size) {
      double[] x = pixels(images, rows, from, Math.min(rows.length, from + size));
      var moment = new DoubleForward.Moment(spec.seed(), 0, from);
      shards.add(new DoubleForward(program, weights, x, Optional.of(moment)));
    }
    return shards;
  }

  public List<DoubleForward> shards(float[] weights) {
    return shards(widened(weights));
  }

  public double loss(double[] weights) {
    double sum = 0;
    int first = 0;
    for (DoubleForward shard : shards(weights)) {
      int[] labels = IntStream.range(first, first + shard.images()).map(this::label).toArray();
      sum += shard.lossSum(spec.smoothing(), labels);
      first += shard.images();
    }
    return sum / rows.length;
  }

  private int label(int place) {
    return images.label(rows[place]);
  }

  /** The central difference of the loss along a direction. */
  public double slope(float[] weights, float[] direction, double step) {
    double[] ahead = widened(weights);
    double[] behind = widened(weights);
    for (int i = 0; i < ahead.length; i++) {
      ahead[i] += step * direction[i];
      behind[i] -= step * direction[i];
    }
    return (loss(ahead) - loss(behind)) / (2 * step);
  }

  /** The statistics after the step, where they stand in the weights; 0 where parameters are. */
  public double[] statistics(float[] weights) {
    double[] after = new double[weights.length];
    for (DoubleForward shard : shards(weights)) {
      for (int i = 0; i < after.length; i++) {
        after[i] += shard.followed()[i] * shard.images() / rows.length;
      }
    }
    return after;
  }
}
