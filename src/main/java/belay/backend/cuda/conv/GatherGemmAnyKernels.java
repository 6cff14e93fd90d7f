package belay.backend.cuda.conv;

import belay.backend.cuda.driver.Call;
import belay.backend.cuda.kernels.ValueType;

/** kernels/gather_gemm_any.cu: the products of kernels/gather_gemm.cu for any channels and type. */
public final class GatherGemmAnyKernels {
  public static final Tile TILE = new Tile(64, 64, 256, 0, 4, 1);

  private GatherGemmAnyKernels() {}

  public static Call gather(
      ValueType type, Epilogue epilogue, Geometry g, Operands o, int images, int first) {
    Call call = Call.of("gather_gemm_any", "gather_gemm", epilogue.word(), type.suffix(), "any");
    return GatheredCalls.product(call, type.c(), TILE, g, o, images, first);
  }
}
