package belay.backend.cuda.kernels;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;
import belay.net.Shape;

/** kernels/images.cu: a minibatch from the images' bytes. */
public final class ImageKernels {
  /** Every tier has it. */
  public static final String FILE = "images";

  /** Of a patch: longer ones would cost more memory than they save time. */
  public static final int MOST_COLUMNS = 256;

  /** Columns that a thread writes. */
  static final int WIDTH = 8;

  private ImageKernels() {}

  /**
   * @param images bytes [count, C, H, W]
   * @param rows which images [number]
   */
  public static Call gatherImages(
      ValueType type, Address images, Address rows, Address out, int number, Shape shape) {
    return gather("gather_images", type, images, rows, out, number, shape)
        .over((long) number * shape.size());
  }

  /**
   * @param side of the kernel that patches are for
   * @param columns values of a patch, padding included: a multiple of WIDTH, at most MOST_COLUMNS
   */
  public static Call gatherPatches(
      ValueType type,
      Address images,
      Address rows,
      Address out,
      int number,
      Shape shape,
      int side,
      int columns) {
    long values = (long) number * shape.height() * shape.width() * columns;
    return gather("gather_patches", type, images, rows, out, number, shape)
        .ints(side, columns)
        .over(values / WIDTH);
  }

  /**
   * @param mean of each channel [C]
   * @param deviation of each channel [C]
   */
  public static Call normalizeImages(
      ValueType type,
      Address images,
      Address rows,
      Address out,
      Address mean,
      Address deviation,
      int number,
      Shape shape) {
    return gather("normalize_images", type, images, rows, out, number, shape)
        .in("float", mean)
        .in("float", deviation)
        .over((long) number * shape.size());
  }

  private static Call gather(
      String name,
      ValueType type,
      Address images,
      Address rows,
      Address out,
      int number,
      Shape shape) {
    return Call.of(FILE, name, type.suffix())
        .in("byte", images)
        .in("int", rows)
        .out(type.c(), out)
        .ints(number, shape.channels(), shape.height(), shape.width());
  }
}
