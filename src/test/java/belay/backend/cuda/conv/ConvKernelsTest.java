package belay.backend.cuda.conv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.cuda.kernels.HostKernels;
import belay.backend.cuda.kernels.HostTensor;
import belay.backend.cuda.kernels.Parts;
import belay.backend.cuda.kernels.ValueType;
import belay.net.Shape;
import belay.net.Window;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Convolutions with any window as products of prepared weights, on the host, beside {@link
 * belay.net.Operation.Conv} in double.
 */
class ConvKernelsTest {
  private static final int IMAGES = 2;
  private static final int INPUTS = 3;
  private static final int OUTPUTS = 5;

  private final Random random = new Random(4);

  /** Every kernel, stride and padding that has an output. */
  static Stream<Window> windows() {
    return IntStream.rangeClosed(1, 7)
        .boxed()
        .flatMap(
            kernel ->
                IntStream.range(0, kernel)
                    .boxed()
                    .flatMap(
                        padding ->
                            IntStream.rangeClosed(1, 3)
                                .mapToObj(stride -> new Window(kernel, stride, padding))));
  }

  private static Shape over(Shape in, Window window) {
    int extra = 2 * window.padding() - window.kernel();
    return new Shape(
        (in.height() + extra) / window.stride() + 1,
        (in.width() + extra) / window.stride() + 1,
        OUTPUTS);
  }

  private float[] numbers(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** One product of the sum: y[to] += x[from] weights[by]. */
  private interface Term {
    void at(int to, int from, int by);
  }

  private static void eachTerm(Shape in, Shape out, Window window, Term term) {
    int k = window.kernel();
    for (int y = 0; y < IMAGES * out.size(); y++) {
      int o = y % out.channels();
      int q = y / out.channels() % out.width();
      int p = y / out.channels() / out.width() % out.height();
      for (int tap = 0; tap < k * k; tap++) {
        int r = p * window.stride() + tap / k - window.padding();
        int s = q * window.stride() + tap % k - window.padding();
        if (r >= 0 && r < in.height() && s >= 0 && s < in.width()) {
          int pixel = (y / out.size() * in.height() + r) * in.width() + s;
          for (int c = 0; c < in.channels(); c++) {
            term.at(y, pixel * in.channels() + c, (tap * in.channels() + c) * out.channels() + o);
          }
        }
      }
    }
  }

  /** A product of kernels/gather_gemm_any.cu with weights of kernels/prepare.cu. */
  private static void product(
      Geometry geometry, WeightForm form, int side, HostTensor x, HostTensor w, HostTensor y) {
    product(geometry, form, side, INPUTS, OUTPUTS, x, w, y);
  }

  private static void product(
      Geometry geometry,
      WeightForm form,
      int side,
      int inputs,
      int outputs,
      HostTensor x,
      HostTensor w,
      HostTensor y) {
    HostTensor copy = HostKernels.of("prepare").empty(ValueType.F32, geometry.weights());
    HostKernels.of("prepare")
        .run(
            PrepareKernels.prepare(
                ValueType.F32, w, copy, form, side, inputs, outputs, outputs, geometry, false));
    Operands operands = new Operands(x, copy, null, y);
    HostKernels.of("gather_gemm_any")
        .run(
            GatherGemmAnyKernels.gather(
                ValueType.F32, Epilogue.PLAIN, geometry, operands, IMAGES, 0));
  }

  @ParameterizedTest
  @MethodSource("windows")
  void theWindowOfAConvolutionIsTheGeometryOfItsProducts(Window window) {
    Shape in = new Shape(8, 10, INPUTS);
    Shape out = over(in, window);
    HostKernels kernels = HostKernels.of("gather_gemm_any");
    HostTensor x = kernels.tensor(ValueType.F32, numbers(IMAGES * in.size()));
    HostTensor dy = kernels.tensor(ValueType.F32, numbers(IMAGES * out.size()));
    int side = window.kernel();
    HostTensor w = kernels.tensor(ValueType.F32, numbers(side * side * INPUTS * OUTPUTS));
    float[] values = x.values();
    float[] weights = w.values();
    float[] gradient = dy.values();
    double[] y = new double[gradient.length];
    double[] dw = new double[weights.length];
    eachTerm(
        in,
        out,
        window,
        (to, from, by) -> {
          y[to] += values[from] * (double) weights[by];
          dw[by] += values[from] * (double) gradient[to];
        });
    Geometry geometry = Geometry.window(in, out, window);
    HostTensor product = kernels.empty(ValueType.F32, y.length);
    product(geometry, WeightForm.FORWARD, side, x, w, product);
    product.assertNear(y);
    HostTensor sums = kernels.empty(ValueType.F32, dw.length);
    int all = geometry.pixels(IMAGES);
    HostKernels.of("weight_gradient_any")
        .run(
            WeightGradientAnyKernels.gradient(
                ValueType.F32,
                geometry,
                new GradientOperands(x, dy, sums, null),
                IMAGES,
                new Parts(all, all, all),
                0));
    sums.assertNear(dw);
  }

  static Stream<Shape> sizes() {
    return Stream.of(new Shape(8, 10, INPUTS), new Shape(9, 7, INPUTS));
  }

  @ParameterizedTest
  @MethodSource("windows")
  void theGradientOfTheInputIsAProductOrThatOfOneThreadAValue(Window window) {
    sizes().forEach(in -> checkInputGradient(in, window));
  }

  private void checkInputGradient(Shape in, Window window) {
    Shape out = over(in, window);
    HostKernels kernels = HostKernels.of("conv_input_gradient");
    int side = window.kernel();
    HostTensor dy = kernels.tensor(ValueType.F32, numbers(IMAGES * out.size()));
    HostTensor w = kernels.tensor(ValueType.F32, numbers(side * side * INPUTS * OUTPUTS));
    float[] gradient = dy.values();
    float[] weights = w.values();
    double[] dx = new double[IMAGES * in.size()];
    eachTerm(in, out, window, (to, from, by) -> dx[from] += gradient[to] * (double) weights[by]);
    HostTensor direct = kernels.empty(ValueType.F32, dx.length);
    kernels.run(
        ConvInputGradientKernels.gradient(
            ValueType.F32, dy, w, null, direct, false, IMAGES, in, out, window));
    direct.assertNear(dx);
    Optional<Geometry> geometry = Geometry.inputGradient(in, out, window);
    boolean even = in.height() % 2 == 0 && in.width() % 2 == 0;
    assertEquals(window.stride() == 1 || window.stride() == 2 && even, geometry.isPresent());
    if (geometry.isPresent()) {
      HostTensor product = kernels.empty(ValueType.F32, dx.length);
      product(geometry.get(), WeightForm.inputGradient(window), side, dy, w, product);
      product.assertNear(dx);
    }
  }

  /** Weights [I, O] are those of a convolution of the one pixel 1x1xI. */
  @Test
  void aLinearLayerIsAConvolutionOfOnePixel() {
    Shape in = new Shape(1, 1, 70);
    Shape out = new Shape(1, 1, 11);
    HostKernels kernels = HostKernels.of("gather_gemm_any");
    HostTensor x = kernels.tensor(ValueType.F32, numbers(IMAGES * 70));
    HostTensor dy = kernels.tensor(ValueType.F32, numbers(IMAGES * 11));
    HostTensor w = kernels.tensor(ValueType.F32, numbers(70 * 11));
    float[] values = x.values();
    float[] gradient = dy.values();
    float[] weights = w.values();
    double[] y = new double[IMAGES * 11];
    double[] dx = new double[IMAGES * 70];
    for (int at = 0; at < IMAGES * 70 * 11; at++) {
      int to = at / 770 * 11 + at % 11;
      int from = at / 11;
      y[to] += values[from] * (double) weights[at % 770];
      dx[from] += gradient[to] * (double) weights[at % 770];
    }
    HostTensor forward = kernels.empty(ValueType.F32, y.length);
    product(Geometry.dense(in, 11), WeightForm.FORWARD, 1, 70, 11, x, w, forward);
    forward.assertNear(y);
    HostTensor backward = kernels.empty(ValueType.F32, dx.length);
    product(Geometry.dense(out, 70), WeightForm.INPUT_GRADIENT, 1, 70, 11, dy, w, backward);
    backward.assertNear(dx);
  }

  @ParameterizedTest
  @MethodSource("types")
  void aGradientIsAddedToThatOfOtherReadersAndMaskedByTheRelu(ValueType type) {
    Shape in = new Shape(9, 7, INPUTS);
    Window window = new Window(3, 3, 1);
    Shape out = over(in, window);
    HostKernels kernels = HostKernels.of("conv_input_gradient");
    HostTensor dy = kernels.tensor(type, numbers(IMAGES * out.size()));
    HostTensor w = kernels.tensor(ValueType.F32, numbers(9 * INPUTS * OUTPUTS));
    HostTensor mask = kernels.tensor(type, numbers(IMAGES * in.size()));
    HostTensor dx = kernels.tensor(type, numbers(IMAGES * in.size()));
    float[] gradient = dy.values();
    float[] weights = w.values();
    float[] relu = mask.values();
    float[] before = dx.values();
    double[] expected = new double[before.length];
    Arrays.setAll(expected, i -> before[i]);
    eachTerm(
        in, out, window, (to, from, by) -> expected[from] += gradient[to] * (double) weights[by]);
    kernels.run(
        ConvInputGradientKernels.gradient(type, dy, w, mask, dx, true, IMAGES, in, out, window));
    Arrays.setAll(expected, i -> relu[i] > 0 ? expected[i] : 0);
    dx.assertNear(expected);
  }

  static Stream<ValueType> types() {
    return Arrays.stream(ValueType.values());
  }

  @ParameterizedTest
  @EnumSource(ValueType.class)
  void scoresOfFewClassesAreWeightedSumsOfARow(ValueType type) {
    int rows = 11;
    int first = 3;
    Geometry geometry = Geometry.dense(new Shape(1, 1, 70), 10);
    assertTrue(GatherGemmAnyKernels.areFew(Epilogue.PLAIN, geometry));
    Geometry strided =
        Geometry.window(new Shape(2, 2, 70), new Shape(1, 1, 10), new Window(1, 2, 0));
    assertFalse(GatherGemmAnyKernels.areFew(Epilogue.PLAIN, strided));
    HostKernels kernels = HostKernels.of("gather_gemm_any");
    HostTensor x = kernels.tensor(type, numbers(rows * 70));
    HostTensor w = kernels.tensor(type, numbers(700));
    HostTensor bias = kernels.tensor(ValueType.F32, numbers(10));
    HostTensor y = kernels.tensor(type, new float[rows * 10]);
    Operands operands = new Operands(x, w, bias, y);
    kernels.run(GatherGemmAnyKernels.few(type, geometry, operands, rows, first));
    float[] values = x.values();
    float[] weights = w.values();
    float[] start = bias.values();
    double[] expected = new double[rows * 10];
    for (int at = 10 * first; at < expected.length; at++) {
      int c = at % 10;
      expected[at] = start[c];
      for (int k = 0; k < 70; k++) {
        int from = type == ValueType.F32 ? k * 10 + c : c * 70 + k;
        expected[at] += values[at / 10 * 70 + k] * (double) weights[from];
      }
    }
    y.assertNear(expected);
  }
}
