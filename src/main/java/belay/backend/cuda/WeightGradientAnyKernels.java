package belay.backend.cuda;

/**
 * kernels/weight_gradient_any.cu: the sums of kernels/weight_gradient.cu for any channels, type.
 */
final class WeightGradientAnyKernels {
  static final Tile TILE = new Tile(64, 64, 256, 0, 4, 1);

  private WeightGradientAnyKernels() {}

  /** As {@link GatheredCalls#gradient} takes them. */
  static Call gradient(
      ValueType type,
      Geometry g,
      Address x,
      Address d,
      Address sums,
      Address columns,
      int images,
      int share) {
    Call call = Call.of("weight_gradient_any", "weight_gradient", type.suffix(), "any");
    return GatheredCalls.gradient(call, type.c(), TILE, g, x, d, sums, columns, images, share);
  }
}
