package belay.backend.cuda.kernels;

import belay.net.Shape;
import belay.net.Window;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Pooling on the host, beside loops that scatter gradients from each window. */
class PoolKernelsTest {
  private static final int IMAGES = 2;

  private final Random random = new Random(2);

  static Stream<Arguments> pools() {
    List<Window> windows =
        List.of(
            new Window(2, 2, 0),
            new Window(3, 2, 1),
            new Window(3, 1, 1),
            new Window(5, 3, 4),
            new Window(2, 3, 1),
            new Window(7, 7, 0));
    return Arrays.stream(ValueType.values())
        .flatMap(
            type ->
                windows.stream()
                    .flatMap(
                        window ->
                            Stream.of(3, 16)
                                .map(channels -> Arguments.of(type, window, channels))));
  }

  private static Shape over(Shape in, Window window) {
    int extra = 2 * window.padding() - window.kernel();
    return new Shape(
        (in.height() + extra) / window.stride() + 1,
        (in.width() + extra) / window.stride() + 1,
        in.channels());
  }

  private float[] numbers(int count, double step) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (Math.rint(random.nextGaussian() / step) * step);
    }
    return values;
  }

  /** One value of a window that lies in the image. */
  private interface Pixel {
    /**
     * @param window index of its value in y
     * @param value index in x
     */
    void at(int window, int value);
  }

  private static void eachPixel(Shape in, Shape out, Window window, Pixel pixel) {
    for (int y = 0; y < IMAGES * out.size(); y++) {
      int c = y % out.channels();
      int q = y / out.channels() % out.width();
      int p = y / out.channels() / out.width() % out.height();
      int n = y / out.size();
      for (int k = 0; k < window.kernel() * window.kernel(); k++) {
        int r = p * window.stride() - window.padding() + k / window.kernel();
        int s = q * window.stride() - window.padding() + k % window.kernel();
        if (r >= 0 && r < in.height() && s >= 0 && s < in.width()) {
          pixel.at(y, ((n * in.height() + r) * in.width() + s) * in.channels() + c);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("pools")
  void theFirstMaximumGetsTheGradientOfItsWindow(ValueType type, Window window, int channels) {
    Shape in = new Shape(9, 7, channels);
    Shape out = over(in, window);
    HostKernels kernels = HostKernels.of("pool");
    HostTensor x = kernels.tensor(type, numbers(IMAGES * in.size(), 0.5)); // many ties
    HostTensor y = kernels.empty(type, IMAGES * out.size());
    HostTensor argmax = kernels.empty(ValueType.FP16, IMAGES * out.size());
    kernels.run(PoolKernels.max(type, x, y, argmax, IMAGES, in, out, window));
    float[] values = x.values();
    int[] best = new int[IMAGES * out.size()];
    Arrays.fill(best, -1);
    eachPixel(
        in,
        out,
        window,
        (at, value) -> {
          if (best[at] < 0 || values[value] > values[best[at]]) {
            best[at] = value;
          }
        });
    y.assertNear(Arrays.stream(best).mapToDouble(value -> values[value]).toArray());
    HostTensor dy = kernels.tensor(type, numbers(IMAGES * out.size(), 0.01));
    double[] g = new double[IMAGES * in.size()];
    float[] gradient = dy.values();
    for (int at = 0; at < best.length; at++) {
      g[best[at]] += gradient[at];
    }
    HostTensor dx = kernels.empty(type, IMAGES * in.size());
    kernels.run(
        PoolKernels.maxGradient(type, dy, argmax, null, dx, false, IMAGES, in, out, window));
    dx.assertNear(g);
    HostTensor more = kernels.tensor(type, numbers(IMAGES * in.size(), 0.01));
    double[] expected = masked(sum(more.values(), g), values);
    kernels.run(PoolKernels.maxGradient(type, dy, argmax, x, more, true, IMAGES, in, out, window));
    more.assertNear(expected);
  }

  @ParameterizedTest
  @MethodSource("pools")
  void anAverageCountsWhatLiesOutsideAsZero(ValueType type, Window window, int channels) {
    Shape in = new Shape(9, 7, channels);
    Shape out = over(in, window);
    double area = window.kernel() * window.kernel();
    HostKernels kernels = HostKernels.of("pool");
    HostTensor x = kernels.tensor(type, numbers(IMAGES * in.size(), 0.01));
    HostTensor y = kernels.empty(type, IMAGES * out.size());
    kernels.run(PoolKernels.average(type, x, y, IMAGES, in, out, window));
    float[] values = x.values();
    double[] means = new double[IMAGES * out.size()];
    eachPixel(in, out, window, (at, value) -> means[at] += values[value] / area);
    y.assertNear(means);
    HostTensor dy = kernels.tensor(type, numbers(IMAGES * out.size(), 0.01));
    float[] gradient = dy.values();
    double[] g = new double[IMAGES * in.size()];
    eachPixel(in, out, window, (at, value) -> g[value] += gradient[at] / area);
    HostTensor dx = kernels.empty(type, IMAGES * in.size());
    kernels.run(PoolKernels.averageGradient(type, dy, null, dx, false, IMAGES, in, out, window));
    dx.assertNear(g);
    HostTensor more = kernels.tensor(type, numbers(IMAGES * in.size(), 0.01));
    double[] expected = masked(sum(more.values(), g), values);
    kernels.run(PoolKernels.averageGradient(type, dy, x, more, true, IMAGES, in, out, window));
    more.assertNear(expected);
  }

  @ParameterizedTest
  @EnumSource
  void aGlobalAverageIsTheMeanOfAllPixels(ValueType type) {
    HostKernels kernels = HostKernels.of("pool");
    for (int channels : new int[] {5, 64}) {
      Shape in = new Shape(7, 5, channels);
      HostTensor x = kernels.tensor(type, numbers(IMAGES * in.size(), 0.01));
      HostTensor y = kernels.empty(type, IMAGES * channels);
      kernels.run(PoolKernels.globalAverage(type, x, y, IMAGES, in));
      float[] values = x.values();
      double[] means = new double[IMAGES * channels];
      HostTensor dy = kernels.tensor(type, numbers(IMAGES * channels, 0.01));
      float[] gradient = dy.values();
      double[] g = new double[values.length];
      for (int at = 0; at < values.length; at++) {
        int of = at / in.size() * channels + at % channels;
        means[of] += values[at] / 35.0;
        g[at] = gradient[of] / 35.0;
      }
      y.assertNear(means);
      HostTensor dx = kernels.tensor(type, numbers(values.length, 0.01));
      double[] expected = masked(sum(dx.values(), g), values);
      kernels.run(PoolKernels.globalAverageGradient(type, dy, x, dx, true, IMAGES, in));
      dx.assertNear(expected);
    }
  }

  @Test
  void aMaximumLetsNotANumberPass() {
    HostKernels kernels = HostKernels.of("pool");
    Shape in = new Shape(2, 2, 1);
    Shape out = new Shape(1, 1, 1);
    HostTensor x = kernels.tensor(ValueType.F32, 3, Float.NaN, 4, 1);
    HostTensor y = kernels.empty(ValueType.F32, 1);
    kernels.run(PoolKernels.max(ValueType.F32, x, y, null, 1, in, out, new Window(2, 2, 0)));
    y.assertNear(new double[] {Double.NaN});
  }

  private static double[] sum(float[] a, double[] b) {
    double[] sums = new double[b.length];
    Arrays.setAll(sums, i -> a[i] + b[i]);
    return sums;
  }

  private static double[] masked(double[] gradient, float[] relu) {
    Arrays.setAll(gradient, i -> relu[i] > 0 ? gradient[i] : 0);
    return gradient;
  }
}
