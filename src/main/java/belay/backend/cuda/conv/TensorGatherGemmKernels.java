package belay.backend.cuda.conv;

import belay.backend.cuda.driver.Call;
import belay.backend.cuda.kernels.CoreType;
import java.util.List;

/** kernels/tensor/gather_gemm_TYPE.cu: products whose left side is gathered, by tensor cores. */
public final class TensorGatherGemmKernels {
  /** Of 16-bit types from compute capability 8 on. */
  public static final List<Tile> HALF_TILES = tiles(256);

  /** Of 32-bit types, whose sums leave no registers for more threads. */
  public static final List<Tile> WORD_TILES = tiles(128);

  private static List<Tile> tiles(int threads) {
    return List.of(
        new Tile(128, 128, threads, 98304, 2, 1),
        new Tile(64, 128, 128, 73728, 2, 0.8),
        new Tile(128, 64, 128, 73728, 3, 0.7),
        new Tile(64, 64, 128, 49152, 4, 0.6));
  }

  /** From compute capability 8 on. */
  public static List<Tile> tiles(CoreType type) {
    return type.bytes() == 2 ? HALF_TILES : WORD_TILES;
  }

  /** Compute capability 7 has less shared memory and one tile for all. */
  public static final List<Tile> VOLTA_TILES = List.of(new Tile(64, 128, 128, 34816, 2, 1));

  /** Pixels of a column sum. */
  public static final int PART = 64;

  private TensorGatherGemmKernels() {}

  /** The file of a type, which a tier may lack. */
  public static String file(CoreType type) {
    return "gather_gemm_" + type.suffix();
  }

  public static Call gather(
      CoreType type, Tile tile, Epilogue epilogue, Geometry g, Operands o, int images, int first) {
    Call call = Call.of(file(type), "gather_gemm", epilogue.word(), type.suffix(), tile.name());
    return GatheredCalls.product(call, type.c(), tile, g, o, images, first)
        .out("float", o.sums().to())
        .in(type.c(), o.sums().normed())
        .in("float", o.sums().around())
        .shared(tile.shared());
  }
}
