package belay.backend.cuda.kernels;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;
import belay.net.Shape;

/** kernels/tensor/image_conv_weight_gradient.cu: the first layer's gradient from images' bytes. */
public final class ImageConvGradientKernels {
  static final String FILE = "image_conv_weight_gradient";
  static final int COLUMNS = 256;
  private static final int THREADS = 128;
  private static final int SHARED = 43008;
  private static final int SHARED_WIDE = 75776;

  private ImageConvGradientKernels() {}

  /** Parts of the gradient: two blocks stay on a multiprocessor. */
  public static int parts(int multiprocessors) {
    return 2 * multiprocessors;
  }

  /**
   * @param sums [parts][32][outputs] f32
   * @param images bytes [.., C, H, W]
   * @param rows which images [count]
   * @param d gradient of the pooled output [count, H/2, W/2, outputs]
   * @param argmax a byte a value
   */
  public static Call gradient(
      CoreType type,
      Address sums,
      Address images,
      Address rows,
      Address d,
      Address argmax,
      int count,
      Shape in,
      int outputs,
      int parts) {
    return Call.of(FILE, FILE, type.suffix())
        .out("float", sums)
        .in("byte", images)
        .in("int", rows)
        .in(type.c(), d)
        .in("byte", argmax)
        .ints(count, in.height(), in.width(), in.channels(), outputs)
        .by(parts, (outputs + COLUMNS - 1) / COLUMNS, 1, THREADS)
        .shared(type.bytes() == 2 ? SHARED : SHARED_WIDE);
  }
}
