package belay.backend.cuda.conv;

import belay.backend.cuda.driver.Call;
import belay.backend.cuda.kernels.CoreType;
import belay.backend.cuda.kernels.Parts;
import java.util.List;

/** kernels/tensor/gather_weight_gradient_TYPE.cu: the gradient of a kernel, by tensor cores. */
public final class TensorWeightGradientKernels {
  /** From compute capability 8 on. */
  public static final List<Tile> TILES =
      List.of(
          new Tile(128, 128, 128, 98304, 2, 1),
          new Tile(64, 128, 128, 73728, 2, 0.8),
          new Tile(128, 64, 128, 73728, 3, 0.75),
          new Tile(32, 128, 128, 73728, 2, 0.6));

  /** Compute capability 7 has less shared memory and one tile for all. */
  public static final List<Tile> VOLTA_TILES = List.of(new Tile(64, 128, 128, 34816, 2, 1));

  private TensorWeightGradientKernels() {}

  /** Never sums columns; otherwise as {@link GatheredCalls#gradient} takes them. */
  public static Call gradient(
      CoreType type,
      Tile tile,
      Geometry g,
      GradientOperands o,
      int images,
      Parts parts,
      int first) {
    String file = "gather_weight_gradient_" + type.suffix();
    Call call = Call.of(file, "gather_weight_gradient", type.suffix(), tile.name());
    return GatheredCalls.gradient(call, type.c(), tile, g, o.withoutColumns(), images, parts, first)
        .shared(tile.shared());
  }
}
