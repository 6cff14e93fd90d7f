package belay.backend.cuda.conv;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;
import belay.backend.cuda.kernels.CoreType;
import belay.net.Shape;

/** kernels/tensor/upsample_conv_loss.cu: the last layer, its loss and the gradient of that. */
public final class UpsampleConvLossKernels {
  public static final String FILE = "upsample_conv_loss";

  /** Pixels of a small image that a block holds. */
  public static final int PIXELS = 256;

  /** Outputs with padding. */
  public static final int CHANNELS = 4;

  private static final int THREADS = 256;

  /** Bytes of the ring of tiles that the product reads. */
  private static final int RING = 81920;

  /** Bytes of the product, behind which the gradient lies. */
  private static final int DY_OFFSET = 69632;

  private UpsampleConvLossKernels() {}

  /**
   * @param patches of the gradient [images, h, w, 16 CHANNELS]; null for the loss alone
   * @param squares errors of the images [number] f32
   * @param biasGradient [number, CHANNELS] f32
   * @param output [number, 2 h, 2 w, outputs] f32; null where nobody wants it
   * @param x [number, h, w, inputs]
   * @param weights [16 CHANNELS][inputs]
   * @param images bytes [.., outputs, 2 h, 2 w]
   * @param rows which images [number]
   * @param small height and width of x
   */
  public static Call loss(
      CoreType type,
      int number,
      Address patches,
      Address squares,
      Address biasGradient,
      Address output,
      Address x,
      Address weights,
      Address bias,
      Address images,
      Address rows,
      float scale,
      Shape small,
      int inputs,
      int outputs) {
    return Call.of(FILE, FILE, type.suffix())
        .out(type.c(), patches)
        .out("float", squares)
        .out("float", biasGradient)
        .out("float", output)
        .in(type.c(), x)
        .in(type.c(), weights)
        .in("float", bias)
        .in("byte", images)
        .in("int", rows)
        .floats(scale)
        .ints(small.height(), small.width(), inputs, outputs)
        .by(number, 1, 1, THREADS)
        .shared(Math.max(RING, DY_OFFSET + gradientBytes(small)));
  }

  /** Bytes of an image's gradient as fp32, with a border of zeros. */
  private static int gradientBytes(Shape small) {
    return 4 * CHANNELS * (2 * small.height() + 2) * (2 * small.width() + 2);
  }
}
