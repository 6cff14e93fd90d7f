package belay.backend.cuda.conv;

import belay.backend.cuda.driver.Call;
import belay.backend.cuda.kernels.Parts;
import java.util.List;

/** kernels/weight_gradient.cu: the gradient of a kernel in splits, by multiply-adds in fp32. */
public final class WeightGradientKernels {
  public static final List<Tile> TILES =
      List.of(
          new Tile(128, 128, 256, 0, 2, 1),
          new Tile(64, 128, 128, 0, 3, 0.95),
          new Tile(64, 64, 64, 0, 6, 0.85),
          new Tile(32, 128, 64, 0, 6, 0.85));

  private WeightGradientKernels() {}

  /** As {@link GatheredCalls#gradient} takes them. */
  public static Call gradient(
      Tile tile, Geometry g, GradientOperands o, int images, Parts parts, int first) {
    Call call = Call.of("weight_gradient", "weight_gradient", "f32", tile.name());
    return GatheredCalls.gradient(call, "float", tile, g, o, images, parts, first);
  }
}
