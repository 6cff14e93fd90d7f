package belay.backend.cuda.kernels;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;
import belay.net.Shape;

/** kernels/loss.cu: the squared error of images, and its gradient. */
public final class LossKernels {
  private static final int THREADS = 256;

  private LossKernels() {}

  /**
   * @param number of images
   * @param y output [number, H, W, C]
   * @param images bytes [count, C, H, W]
   * @param rows which images [number]
   * @param dy gradient [number, H, W, stride]; null where nobody wants it
   * @param partial error of each image [number] f64
   * @param stride channels of dy with padding
   */
  public static Call loss(
      ValueType type,
      int number,
      Address y,
      Address images,
      Address rows,
      Address dy,
      Address partial,
      Shape shape,
      int stride,
      float scale) {
    return Call.of("loss", "loss", type.suffix())
        .in(type.c(), y)
        .in("byte", images)
        .in("int", rows)
        .out(type.c(), dy)
        .out("double", partial)
        .ints(shape.channels(), shape.height(), shape.width(), stride)
        .floats(scale)
        .by(number, 1, 1, THREADS);
  }

  /**
   * Adds up the errors of images.
   *
   * @param partial [rows, number] f64
   * @param shard images of each shard but the last one
   * @param values over which an image's loss is a mean
   * @param sums receives the sums [rows] f64
   */
  public static Call add(
      Address partial, int rows, int number, int shard, int values, Address sums) {
    return add("add_loss", "double", partial, rows, number, shard, values, sums);
  }

  /**
   * The same of errors in f32.
   *
   * @param partial [rows, number] f32
   */
  public static Call addFloats(
      Address partial, int rows, int number, int shard, int values, Address sums) {
    return add("add_loss_f32", "float", partial, rows, number, shard, values, sums);
  }

  private static Call add(
      String name,
      String type,
      Address partial,
      int rows,
      int number,
      int shard,
      int values,
      Address sums) {
    return Call.of("loss", name)
        .in(type, partial)
        .ints(number, shard, values)
        .out("double", sums)
        .by(rows, 1, 1, THREADS);
  }
}
