package belay.backend.cuda;

import belay.net.Shape;

/** kernels/images.cu: a minibatch from the images' bytes. */
final class ImageKernels {
  /** Every tier has it. */
  static final String FILE = "images";

  private ImageKernels() {}

  /**
   * @param images bytes [count, C, H, W]
   * @param rows which images [number]
   */
  static Call gatherImages(
      ValueType type, Address images, Address rows, Address out, int number, Shape shape) {
    return gather("gather_images", type, images, rows, out, number, shape)
        .over((long) number * shape.size());
  }

  /**
   * @param side of the kernel that patches are for
   * @param columns values of a patch, padding included: a multiple of 8 and at most 256
   */
  static Call gatherPatches(
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
        .over(values / 8);
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
