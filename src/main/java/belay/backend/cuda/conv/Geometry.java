package belay.backend.cuda.conv;

import belay.net.Shape;
import belay.net.Window;
import java.util.Optional;

/**
 * What a gathered product reads and writes: kernels/gather_gemm.cu defines each letter. Grid pixel
 * (p, q) of phase (a, b) reads x at (p s + o + a ps + i, q s + o + b ps + j) for taps i, j and
 * writes y at (p os + a, q os + b).
 *
 * @param in shape of x
 * @param grid height and width of the grid; its channels are those of y
 * @param taps side of the kernel
 * @param stride s
 * @param offset o
 * @param phases 1, or 4 where os = 2
 * @param phaseStep ps
 */
public record Geometry(
    Shape in, Shape grid, int taps, int stride, int offset, int phases, int phaseStep) {
  /** A convolution that keeps height and width. */
  public static Geometry same(Shape in, int outputs, int kernel) {
    return new Geometry(in, with(in, outputs), kernel, 1, -(kernel / 2), 1, 0);
  }

  /**
   * A convolution with any window, and its weight gradient.
   *
   * @param out shape of the convolution's output
   */
  public static Geometry window(Shape in, Shape out, Window window) {
    return new Geometry(in, out, window.kernel(), window.stride(), -window.padding(), 1, 0);
  }

  /**
   * The gradient of a convolution's input, of weights in {@link WeightForm#inputGradient}; empty
   * where only {@link ConvInputGradientKernels} makes it: stride 2 with an odd height or width, and
   * larger strides. The header of kernels/prepare.cu derives the numbers for stride 2.
   *
   * @param in shape of the convolution's input
   * @param out shape of the convolution's output
   */
  public static Optional<Geometry> inputGradient(Shape in, Shape out, Window window) {
    int padding = window.padding();
    if (window.stride() == 1) {
      int offset = padding - window.kernel() + 1;
      return Optional.of(new Geometry(out, in, window.kernel(), 1, offset, 1, 0));
    }
    if (window.stride() > 2 || in.height() % 2 != 0 || in.width() % 2 != 0) {
      return Optional.empty();
    }
    Shape half = new Shape(in.height() / 2, in.width() / 2, in.channels());
    int taps = (window.kernel() + 1) / 2;
    return Optional.of(new Geometry(out, half, taps, 1, padding / 2 - taps + 1, 4, padding % 2));
  }

  /** A product of each pixel with one matrix. */
  public static Geometry dense(Shape in, int outputs) {
    return same(in, outputs, 1);
  }

  /** Upsampling by 2, then a convolution of 3x3, as four convolutions of 2x2. */
  public static Geometry phases(Shape small, int outputs) {
    return new Geometry(small, with(small, outputs), 2, 1, -1, 4, 1);
  }

  /** The transpose of {@link #phases}: 4x4 with stride 2. */
  public static Geometry strided(Shape small, int inputs, int outputs) {
    Shape large = new Shape(2 * small.height(), 2 * small.width(), inputs);
    return new Geometry(large, with(small, outputs), 4, 2, -1, 1, 0);
  }

  private static Shape with(Shape shape, int channels) {
    return new Shape(shape.height(), shape.width(), channels);
  }

  /** Length of the sums. */
  public int depth() {
    return taps * taps * in.channels();
  }

  public int outputs() {
    return grid.channels();
  }

  /** Grid pixels of a minibatch. */
  public int pixels(int images) {
    return images * grid.height() * grid.width();
  }

  /** Values of the prepared weights. */
  public int weights() {
    return phases * depth() * outputs();
  }

  /** Floating-point operations for a minibatch. */
  public long operations(int images) {
    return 2L * phases * pixels(images) * depth() * outputs();
  }
}
