package belay.backend.cuda.kernels;

import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;
import belay.net.DropoutMask;
import belay.net.Operation;
import belay.random.Philox;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Residuals, activations and dropout on the host. */
class ElementwiseKernelsTest {
  /** Wide accesses and a rest. */
  private static final int COUNT = 5003;

  private final Random random = new Random(1);

  private float[] numbers(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i % 11 == 0 ? 0 : (float) (2 * random.nextGaussian());
    }
    return values;
  }

  @ParameterizedTest
  @EnumSource
  void aSumIsThatOfBothBranches(ValueType type) {
    HostKernels kernels = HostKernels.of("residual");
    HostTensor a = kernels.tensor(type, numbers(COUNT));
    HostTensor b = kernels.tensor(type, numbers(COUNT));
    for (boolean rectify : new boolean[] {false, true}) {
      HostTensor y = kernels.empty(type, COUNT);
      kernels.run(ResidualKernels.add(type, a, b, y, rectify, COUNT));
      double[] expected = each(COUNT, (left, right) -> left + right, a.values(), b.values());
      y.assertNear(each(COUNT, i -> rectify ? Math.max(0, expected[i]) : expected[i]));
    }
  }

  @ParameterizedTest
  @EnumSource
  void tensorsThatBeginAnywhereAreTakenOneByOne(ValueType type) {
    HostKernels kernels = HostKernels.of("residual");
    HostTensor a = kernels.tensor(type, numbers(COUNT));
    HostTensor y = kernels.empty(type, COUNT);
    kernels.run(ResidualKernels.add(type, a.at(1), a, y.at(1), false, COUNT - 1));
    float[] x = a.values();
    y.assertNear(each(COUNT, i -> i == 0 ? Double.NaN : (double) x[i] + x[i - 1]));
  }

  @ParameterizedTest
  @EnumSource
  void aGradientIsAddedToThatOfOtherReadersAndMaskedByTheRelu(ValueType type) {
    HostKernels kernels = HostKernels.of("residual");
    HostTensor dy = kernels.tensor(type, numbers(COUNT));
    HostTensor mask = kernels.tensor(type, numbers(COUNT));
    for (HostTensor relu : new HostTensor[] {null, mask}) {
      HostTensor dx = kernels.tensor(type, numbers(COUNT));
      double[] sums = each(COUNT, (a, b) -> a + b, dx.values(), dy.values());
      kernels.run(ResidualKernels.accumulate(type, dy, relu, dx, COUNT));
      dx.assertNear(masked(sums, relu));
    }
  }

  private static double[] masked(double[] gradient, HostTensor relu) {
    if (relu == null) {
      return gradient;
    }
    float[] y = relu.values();
    return each(gradient.length, i -> y[i] > 0 ? gradient[i] : 0);
  }

  private interface Forward {
    Call call(Address x, Address y);
  }

  private interface Backward {
    Call call(Address x, Address dy, Address mask, Address dx, boolean add);
  }

  @ParameterizedTest
  @EnumSource
  void geluIsTheNormalDistributionTimesX(ValueType type) {
    checkCurve(
        type,
        x -> x * normal(x),
        (x, y) -> ActivationKernels.gelu(type, x, y, COUNT),
        (x, dy, mask, dx, add) ->
            ActivationKernels.geluGradient(type, x, dy, mask, dx, add, COUNT));
  }

  @ParameterizedTest
  @EnumSource
  void siluIsTheLogisticFunctionTimesX(ValueType type) {
    checkCurve(
        type,
        x -> x / (1 + Math.exp(-x)),
        (x, y) -> ActivationKernels.silu(type, x, y, COUNT),
        (x, dy, mask, dx, add) ->
            ActivationKernels.siluGradient(type, x, dy, mask, dx, add, COUNT));
  }

  @ParameterizedTest
  @EnumSource
  void leakyReluKeepsPartOfWhatIsNegative(ValueType type) {
    checkCurve(
        type,
        x -> x > 0 ? x : 0.125 * x,
        (x, y) -> ActivationKernels.leakyRelu(type, x, y, 0.125f, COUNT),
        (x, dy, mask, dx, add) ->
            ActivationKernels.leakyReluGradient(type, x, dy, mask, dx, add, 0.125f, COUNT));
  }

  /** The normal distribution by Simpson's rule. */
  private static double normal(double x) {
    int steps = 200;
    double step = x / steps;
    double sum = 0;
    for (int i = 0; i <= steps; i++) {
      double weight = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
      sum += weight * Math.exp(-i * step * i * step / 2);
    }
    return 0.5 + sum * step / 3 / Math.sqrt(2 * Math.PI);
  }

  private void checkCurve(
      ValueType type, DoubleUnaryOperator curve, Forward forward, Backward backward) {
    HostKernels kernels = HostKernels.of("activation");
    HostTensor x = kernels.tensor(type, numbers(COUNT));
    HostTensor y = kernels.empty(type, COUNT);
    kernels.run(forward.call(x, y));
    float[] inputs = x.values();
    y.assertNear(each(COUNT, i -> curve.applyAsDouble(inputs[i])));
    HostTensor dy = kernels.tensor(type, numbers(COUNT));
    float[] gradient = dy.values();
    double[] product = each(COUNT, i -> gradient[i] * slope(curve, inputs[i]));
    HostTensor mask = kernels.tensor(type, numbers(COUNT));
    HostTensor dx = kernels.empty(type, COUNT);
    kernels.run(backward.call(x, dy, null, dx, false));
    dx.assertNear(product);
    HostTensor more = kernels.tensor(type, numbers(COUNT));
    float[] before = more.values();
    kernels.run(backward.call(x, dy, mask, more, true));
    more.assertNear(masked(each(COUNT, i -> before[i] + product[i]), mask));
  }

  /** From the left, where a curve with a corner at 0 has its derivative there. */
  private static double slope(DoubleUnaryOperator curve, double x) {
    double h = 1e-5;
    return x == 0
        ? (3 * curve.applyAsDouble(0) - 4 * curve.applyAsDouble(-h) + curve.applyAsDouble(-2 * h))
            / (2 * h)
        : (curve.applyAsDouble(x + h) - curve.applyAsDouble(x - h)) / (2 * h);
  }

  @ParameterizedTest
  @EnumSource
  void dropoutKeepsWhatTheMaskOfItsStepAndPlaceKeeps(ValueType type) {
    int images = 7;
    int size = 715;
    int first = 3;
    Operation.Dropout dropout = new Operation.Dropout("dropout1", 4, 5, 0.3f);
    DropoutMask kept = new DropoutMask(-123456789012345L, dropout);
    HostKernels kernels = HostKernels.of("dropout");
    HostTensor step = kernels.tensor(ValueType.F32, 0);
    step.setInts(2_000_000_000);
    HostTensor x = kernels.tensor(type, numbers(images * size));
    HostTensor y = kernels.empty(type, images * size);
    long key = new Philox(-123456789012345L, Philox.Purpose.DROPOUT).key();
    float rate = dropout.rate();
    float scale = kept.scale();
    kernels.run(DropoutKernels.dropout(type, x, y, step, key, 5, rate, scale, first, images, size));
    float[] values = x.values();
    double[] expected =
        each(
            images * size,
            i ->
                kept.keeps(2_000_000_000, first + i / size, i % size)
                    ? (double) scale * values[i]
                    : 0);
    y.assertNear(expected);
    HostTensor mask = kernels.tensor(type, numbers(images * size));
    HostTensor dx = kernels.tensor(type, numbers(images * size));
    float[] before = dx.values();
    kernels.run(
        DropoutKernels.gradient(
            type, x, mask, dx, true, step, key, 5, rate, scale, first, images, size));
    dx.assertNear(masked(each(images * size, i -> before[i] + expected[i]), mask));
  }

  @Test
  void aValueThatIsNotANumberDoesNotSurviveItsDropout() {
    HostKernels kernels = HostKernels.of("dropout");
    HostTensor step = kernels.tensor(ValueType.F32, 0);
    step.setInts(0);
    HostTensor x = kernels.empty(ValueType.F32, 1000);
    HostTensor y = kernels.empty(ValueType.F32, 1000);
    kernels.run(DropoutKernels.dropout(ValueType.F32, x, y, step, 1, 1, 0.5f, 2, 0, 1, 1000));
    float[] values = y.values();
    long dropped = IntStream.range(0, 1000).filter(i -> values[i] == 0).count();
    assertTrue(dropped > 400 && dropped < 600, () -> dropped + " of 1000");
  }

  private static double[] each(int count, IntToDoubleFunction value) {
    return IntStream.range(0, count).mapToDouble(value).toArray();
  }

  private static double[] each(int count, DoubleBinaryOperator of, float[] a, float[] b) {
    return each(count, i -> of.applyAsDouble(a[i], b[i]));
  }
}
