package belay.backend.cuda.conv;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;
import belay.backend.cuda.kernels.CoreType;
import belay.net.Shape;

/** kernels/tensor/image_conv_relu_pool_forward.cu: the first layer from the images' bytes. */
public final class ImageConvForwardKernels {
  public static final String FILE = "image_conv_relu_pool_forward";

  /** Values of a patch: 3 * 3 * 3 and padding. */
  public static final int PATCH = 32;

  public static final int COLUMNS = 256;
  private static final int THREADS = 128;
  private static final int SHARED = 37120;
  private static final int SHARED_WIDE = 65792;

  /** Blocks that stay on a multiprocessor. */
  private static final int BLOCKS_EACH = 3;

  private static final int BLOCKS_AN_IMAGE = 16;

  private ImageConvForwardKernels() {}

  /**
   * @param y [count, H/2, W/2, outputs]
   * @param argmax a byte a value; null where nobody wants it
   * @param images bytes [.., C, H, W]
   * @param rows which images [count]
   * @param weights [outputs][PATCH]
   */
  public static Call forward(
      CoreType type,
      Address y,
      Address argmax,
      Address images,
      Address rows,
      Address weights,
      Address bias,
      int count,
      Shape in,
      int outputs,
      int multiprocessors) {
    int blocks = Math.min(BLOCKS_EACH * multiprocessors, BLOCKS_AN_IMAGE * count);
    return Call.of(FILE, FILE, type.suffix())
        .out(type.c(), y)
        .out("byte", argmax)
        .in("byte", images)
        .in("int", rows)
        .in(type.c(), weights)
        .in("float", bias)
        .ints(count, in.height(), in.width(), in.channels(), outputs)
        .by(blocks, (outputs + COLUMNS - 1) / COLUMNS, 1, THREADS)
        .shared(type.bytes() == 2 ? SHARED : SHARED_WIDE);
  }
}
