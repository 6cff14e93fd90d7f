package belay.backend.cuda.kernels;

import belay.net.Shape;

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
 * @param phases 1, or 4 where ps = 1 and os = 2
 */
public record Geometry(Shape in, Shape grid, int taps, int stride, int offset, int phases) {
  /** A convolution that keeps height and width. */
  public static Geometry same(Shape in, int outputs, int kernel) {
    return new Geometry(in, with(in, outputs), kernel, 1, -(kernel / 2), 1);
  }

  /** A product of each pixel with one matrix. */
  public static Geometry dense(Shape in, int outputs) {
    return same(in, outputs, 1);
  }

  /** Upsampling by 2, then a convolution of 3x3, as four convolutions of 2x2. */
  public static Geometry phases(Shape small, int outputs) {
    return new Geometry(small, with(small, outputs), 2, 1, -1, 4);
  }

  /** The transpose of {@link #phases}: 4x4 with stride 2. */
  public static Geometry strided(Shape small, int inputs, int outputs) {
    Shape large = new Shape(2 * small.height(), 2 * small.width(), inputs);
    return new Geometry(large, with(small, outputs), 4, 2, -1, 1);
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
