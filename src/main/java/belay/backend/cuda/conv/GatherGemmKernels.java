package belay.backend.cuda.conv;

import belay.backend.cuda.driver.Call;
import java.util.List;

/** kernels/gather_gemm.cu: products whose left side is gathered, by multiply-adds in fp32. */
public final class GatherGemmKernels {
  public static final List<Tile> TILES =
      List.of(
          new Tile(128, 128, 256, 0, 2, 1),
          new Tile(128, 64, 128, 0, 3, 0.95),
          new Tile(64, 64, 64, 0, 6, 0.85));

  private GatherGemmKernels() {}

  public static Call gather(
      Tile tile, Epilogue epilogue, Geometry g, Operands o, int images, int first) {
    Call call = Call.of("gather_gemm", "gather_gemm", epilogue.word(), "f32", tile.name());
    return GatheredCalls.product(call, "float", tile, g, o, images, first);
  }
}
