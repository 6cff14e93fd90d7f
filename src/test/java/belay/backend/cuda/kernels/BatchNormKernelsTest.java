package belay.backend.cuda.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import belay.net.Shape;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Batch normalisation on the host, beside {@link belay.net.Operation.BatchNorm} in double. */
class BatchNormKernelsTest {
  private static final float EPSILON = 1e-3f;
  private static final float MOMENTUM = 0.25f;

  private final Random random = new Random(3);

  /** Few and many channels, by 16 bytes and not; a part and several of a shard; a short shard. */
  static Stream<Arguments> shapes() {
    return Arrays.stream(ValueType.values())
        .flatMap(
            type ->
                Stream.of(
                    Arguments.of(type, new Sharding(5, new Shape(3, 5, 3), 2)),
                    Arguments.of(type, new Sharding(5, new Shape(24, 20, 16), 2)),
                    Arguments.of(type, new Sharding(3, new Shape(17, 19, 136), 1)),
                    Arguments.of(type, new Sharding(2, new Shape(1, 1, 70), 1)),
                    Arguments.of(type, new Sharding(1, new Shape(200, 190, 1), 1))));
  }

  private float[] numbers(int count, double mean) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (mean + random.nextGaussian());
    }
    return values;
  }

  /** Shards, statistics and gradients of one value, as the definition has them. */
  private static final class Definition {
    final Sharding of;
    final int channels;
    final double[] mean;
    final double[] variance;

    Definition(Sharding of, float[] x) {
      this.of = of;
      this.channels = of.shape().channels();
      this.mean = perShard(i -> x[i]);
      this.variance = perShard(i -> (x[i] - mean[column(i)]) * (x[i] - mean[column(i)]));
    }

    interface Value {
      double at(int i);
    }

    int values() {
      return of.images() * of.shape().size();
    }

    int shard(int i) {
      return i / of.shape().size() / of.shardImages();
    }

    int column(int i) {
      return shard(i) * channels + i % channels;
    }

    int images(int shard) {
      return Math.min(of.shardImages(), of.images() - shard * of.shardImages());
    }

    double pixels(int shard) {
      return images(shard) * of.shape().height() * (double) of.shape().width();
    }

    /** Means over the pixels of each shard [shards, C]. */
    double[] perShard(Value value) {
      double[] means = new double[of.shards() * channels];
      for (int i = 0; i < values(); i++) {
        means[column(i)] += value.at(i) / pixels(shard(i));
      }
      return means;
    }

    double normal(float[] x, int i) {
      return (x[i] - mean[column(i)]) / Math.sqrt(variance[column(i)] + EPSILON);
    }

    double[] statistics() {
      double[] statistics = new double[2 * mean.length];
      for (int at = 0; at < mean.length; at++) {
        int to = at / channels * 2 * channels + at % channels;
        statistics[to] = mean[at];
        statistics[to + channels] = variance[at];
      }
      return statistics;
    }
  }

  private HostTensor statistics(ValueType type, HostTensor x, Sharding of) {
    HostKernels kernels = HostKernels.of("batch_norm");
    HostTensor parts = kernels.empty(ValueType.F32, of.partValues());
    HostTensor statistics = kernels.empty(ValueType.F32, of.sumValues());
    kernels.run(BatchNormKernels.parts(type, x, parts, of));
    kernels.run(BatchNormKernels.finish(parts, statistics, of, 0));
    return statistics;
  }

  /** What products leave: moments of 64 pixels each, and sums around any number. */
  @Test
  void partsOfAProductMakeTheSameStatisticsAndSums() {
    Sharding of = new Sharding(5, new Shape(16, 12, 40), 2);
    int each = 64;
    int parts = of.images() * 192 / each;
    HostKernels kernels = HostKernels.of("batch_norm_gradient");
    float[] x = numbers(of.images() * of.shape().size(), 3);
    float[] g = numbers(x.length, 0.5);
    float[] around = numbers(40, 3);
    float[] moments = new float[parts * 80];
    float[] sums = new float[parts * 80];
    for (int k = 0; k < parts * 40; k++) {
      int first = k / 40 * each * 40 + k % 40;
      int to = k / 40 * 80 + k % 40;
      double mean = sum(each, i -> x[first + 40 * i]) / each;
      moments[to] = (float) mean;
      moments[to + 40] = (float) sum(each, i -> Math.pow(x[first + 40 * i] - mean, 2));
      sums[to] = (float) sum(each, i -> g[first + 40 * i]);
      float shift = around[k % 40];
      sums[to + 40] = (float) sum(each, i -> g[first + 40 * i] * (x[first + 40 * i] - shift));
    }
    HostKernels forward = HostKernels.of("batch_norm");
    HostTensor statistics = forward.empty(ValueType.F32, of.sumValues());
    HostTensor left = forward.tensor(ValueType.F32, moments);
    forward.run(BatchNormKernels.finish(left, statistics, of, each));
    Definition d = new Definition(of, x);
    statistics.assertNear(d.statistics());
    HostTensor statistic = kernels.tensor(ValueType.F32, statistics.values());
    HostTensor total = kernels.empty(ValueType.F32, of.sumValues());
    HostTensor middle = kernels.tensor(ValueType.F32, around);
    HostTensor left2 = kernels.tensor(ValueType.F32, sums);
    kernels.run(
        BatchNormGradientKernels.finish(left2, middle, statistic, total, of, each, EPSILON));
    double[] means = d.perShard(i -> g[i]);
    double[] products = d.perShard(i -> g[i] * d.normal(x, i));
    double[] expected = new double[of.sumValues()];
    for (int at = 0; at < means.length; at++) {
      int to = at / 40 * 80 + at % 40;
      int pixels = Math.min(2, of.images() - at / 40 * 2) * 192;
      expected[to] = means[at] * pixels;
      expected[to + 40] = products[at] * pixels;
    }
    total.assertNear(expected);
  }

  private static double sum(int count, Definition.Value value) {
    return Arrays.stream(each(count, value)).sum();
  }

  private static double[] each(int count, Definition.Value value) {
    double[] values = new double[count];
    Arrays.setAll(values, value::at);
    return values;
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void valuesAreNormalisedByTheMeanAndVarianceOfTheirShard(ValueType type, Sharding of) {
    HostKernels kernels = HostKernels.of("batch_norm");
    int channels = of.shape().channels();
    int count = of.images() * of.shape().size();
    HostTensor x = kernels.tensor(type, numbers(count, 1));
    HostTensor z = kernels.tensor(type, numbers(count, 0));
    HostTensor scale = kernels.tensor(ValueType.F32, numbers(channels, 1));
    HostTensor shift = kernels.tensor(ValueType.F32, numbers(channels, 0));
    Definition definition = new Definition(of, x.values());
    HostTensor statistics = statistics(type, x, of);
    statistics.assertNear(definition.statistics());
    for (boolean fused : new boolean[] {false, true}) {
      HostTensor y = kernels.empty(type, count);
      kernels.run(
          BatchNormKernels.normalize(
              type,
              x,
              fused ? z : null,
              statistics,
              statistics.at(channels),
              scale,
              shift,
              y,
              of,
              2 * channels,
              EPSILON,
              fused));
      float[] in = x.values();
      float[] addend = z.values();
      float[] a = scale.values();
      float[] b = shift.values();
      y.assertNear(
          each(
              count,
              i -> {
                double value = a[i % channels] * definition.normal(in, i) + b[i % channels];
                return fused ? Math.max(0, value + addend[i]) : value;
              }));
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void runningStatisticsMoveTowardsTheMeansOverAllImages(ValueType type, Sharding of) {
    HostKernels kernels = HostKernels.of("batch_norm");
    int channels = of.shape().channels();
    HostTensor x = kernels.tensor(type, numbers(of.images() * of.shape().size(), -2));
    Definition d = new Definition(of, x.values());
    HostTensor mean = kernels.tensor(ValueType.F32, numbers(channels, 0));
    HostTensor variance = kernels.tensor(ValueType.F32, numbers(channels, 1));
    double[] means = each(channels, c -> (1 - MOMENTUM) * mean.values()[c]);
    double[] variances = each(channels, c -> (1 - MOMENTUM) * variance.values()[c]);
    for (int at = 0; at < d.mean.length; at++) {
      int shard = at / channels;
      double n = d.pixels(shard);
      double weight = MOMENTUM * d.images(shard) / of.images();
      means[at % channels] += weight * d.mean[at];
      variances[at % channels] += weight * d.variance[at] * (n == 1 ? 1 : n / (n - 1));
    }
    kernels.run(BatchNormKernels.running(statistics(type, x, of), mean, variance, of, MOMENTUM));
    mean.assertNear(means);
    variance.assertNear(variances);
  }

  @ParameterizedTest
  @EnumSource
  void elsewhereAllImagesHaveTheRunningStatistics(ValueType type) {
    HostKernels kernels = HostKernels.of("batch_norm");
    Sharding of = new Sharding(5, new Shape(9, 31, 24), 5);
    int count = of.images() * of.shape().size();
    HostTensor x = kernels.tensor(type, numbers(count, 0));
    HostTensor mean = kernels.tensor(ValueType.F32, numbers(24, 0));
    HostTensor variance = kernels.tensor(ValueType.F32, numbers(24, 9));
    HostTensor scale = kernels.tensor(ValueType.F32, numbers(24, 1));
    HostTensor shift = kernels.tensor(ValueType.F32, numbers(24, 0));
    HostTensor y = kernels.empty(type, count);
    kernels.run(
        BatchNormKernels.normalize(
            type, x, null, mean, variance, scale, shift, y, of, 0, EPSILON, false));
    float[] in = x.values();
    float[] m = mean.values();
    float[] v = variance.values();
    float[] a = scale.values();
    float[] b = shift.values();
    y.assertNear(
        each(
            count,
            i -> a[i % 24] * (in[i] - m[i % 24]) / Math.sqrt(v[i % 24] + EPSILON) + b[i % 24]));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void theGradientRunsThroughMeanAndVariance(ValueType type, Sharding of) {
    checkGradient(type, of, false);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void aFusedReluAndAdditionHaveTheirGradientsInTheSamePass(ValueType type, Sharding of) {
    checkGradient(type, of, true);
  }

  private void checkGradient(ValueType type, Sharding of, boolean fused) {
    HostKernels kernels = HostKernels.of("batch_norm_gradient");
    int channels = of.shape().channels();
    int count = of.images() * of.shape().size();
    HostTensor x = kernels.tensor(type, numbers(count, 1));
    HostTensor y = kernels.tensor(type, numbers(count, 0));
    HostTensor dy = kernels.tensor(type, numbers(count, 0.5));
    HostTensor scale = kernels.tensor(ValueType.F32, numbers(channels, 1));
    HostTensor relu = fused ? y : null;
    HostTensor statistics = statistics(type, x, of);
    HostTensor parts = kernels.empty(ValueType.F32, of.partValues());
    HostTensor sums = kernels.empty(ValueType.F32, of.sumValues());
    kernels.run(BatchNormGradientKernels.parts(type, x, relu, dy, statistics, parts, of, EPSILON));
    kernels.run(BatchNormGradientKernels.finish(parts, null, statistics, sums, of, 0, EPSILON));

    float[] in = x.values();
    float[] out = y.values();
    float[] incoming = dy.values();
    Definition d = new Definition(of, in);
    double[] g = each(count, i -> fused && out[i] <= 0 ? 0 : incoming[i]);
    double[] means = d.perShard(i -> g[i]);
    double[] products = d.perShard(i -> g[i] * d.normal(in, i));
    checkParameters(kernels, sums, d, means, products);

    float[] a = scale.values();
    double[] dx =
        each(
            count,
            i -> {
              int column = d.column(i);
              double through = g[i] - means[column] - d.normal(in, i) * products[column];
              return a[i % channels] / Math.sqrt(d.variance[column] + EPSILON) * through;
            });
    HostTensor before = kernels.tensor(type, numbers(count, 0));
    HostTensor mask = fused ? kernels.tensor(type, numbers(count, 0)) : null;
    HostTensor dz = fused ? kernels.tensor(type, numbers(count, 0)) : null;
    float[] dx0 = before.values();
    float[] dz0 = fused ? dz.values() : null;
    HostTensor to = fused ? before : kernels.empty(type, count);
    kernels.run(
        BatchNormGradientKernels.input(
            type, x, relu, dy, statistics, sums, scale, mask, to, fused, dz, fused, of, EPSILON));
    if (fused) {
      float[] below = mask.values();
      to.assertNear(each(count, i -> below[i] > 0 ? dx0[i] + dx[i] : 0));
      dz.assertNear(each(count, i -> dz0[i] + g[i]));
    } else {
      to.assertNear(dx);
    }
  }

  private static void checkParameters(
      HostKernels kernels, HostTensor sums, Definition d, double[] means, double[] products) {
    HostTensor scale = kernels.empty(ValueType.F32, d.channels);
    HostTensor shift = kernels.empty(ValueType.F32, d.channels);
    kernels.run(BatchNormGradientKernels.parameters(sums, scale, shift, d.of, 0.125f));
    double[] dscale = new double[d.channels];
    double[] dshift = new double[d.channels];
    for (int at = 0; at < means.length; at++) {
      double n = d.pixels(at / d.channels);
      dscale[at % d.channels] += 0.125 * n * products[at];
      dshift[at % d.channels] += 0.125 * n * means[at];
    }
    double terms = 0.125 * d.values() / d.channels;
    scale.assertNear(terms, dscale);
    shift.assertNear(terms, dshift);
  }

  @Test
  void aLargeMeanDoesNotDrownTheVariance() {
    Sharding of = new Sharding(4, new Shape(20, 30, 8), 2);
    HostKernels kernels = HostKernels.of("batch_norm");
    HostTensor x = kernels.tensor(ValueType.F32, numbers(4 * 20 * 30 * 8, 3000));
    Definition d = new Definition(of, x.values());
    float[] statistics = statistics(ValueType.F32, x, of).values();
    double[] expected = d.statistics();
    for (int at = 0; at < expected.length; at++) {
      assertEquals(expected[at], statistics[at], 1e-5 * expected[at]);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aShardHasTheSameBitsWhateverElseItsLaunchHolds(ValueType type) {
    Sharding all = new Sharding(7, new Shape(24, 20, 16), 3);
    HostKernels kernels = HostKernels.of("batch_norm");
    HostTensor x = kernels.tensor(type, numbers(7 * all.shape().size(), 1));
    float[] together = statistics(type, x, all).values();
    float[] values = x.values();
    for (int shard = 0; shard < 3; shard++) {
      int from = shard * 3 * all.shape().size();
      int to = Math.min(values.length, from + 3 * all.shape().size());
      HostTensor own = kernels.tensor(type, Arrays.copyOfRange(values, from, to));
      int images = Math.min(3, 7 - 3 * shard);
      float[] alone = statistics(type, own, new Sharding(images, all.shape(), images)).values();
      assertArrayEquals(Arrays.copyOfRange(together, 32 * shard, 32 * shard + 32), alone);
    }
  }
}
