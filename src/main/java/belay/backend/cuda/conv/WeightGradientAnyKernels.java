package belay.backend.cuda.conv;

import belay.backend.cuda.driver.Call;
import belay.backend.cuda.kernels.Parts;
import belay.backend.cuda.kernels.ValueType;

/**
 * kernels/weight_gradient_any.cu: the sums of kernels/weight_gradient.cu for any channels, type.
 */
public final class WeightGradientAnyKernels {
  public static final Tile TILE = new Tile(64, 64, 256, 0, 4, 1);

  private WeightGradientAnyKernels() {}

  /** As {@link GatheredCalls#gradient} takes them. */
  public static Call gradient(
      ValueType type, Geometry g, GradientOperands o, int images, Parts parts, int first) {
    Call call = Call.of("weight_gradient_any", "weight_gradient", type.suffix(), "any");
    return GatheredCalls.gradient(call, type.c(), TILE, g, o, images, parts, first);
  }
}
