package belay.backend.cuda;

/** kernels/gather_gemm_any.cu: the products of kernels/gather_gemm.cu for any channels and type. */
final class GatherGemmAnyKernels {
  static final Tile TILE = new Tile(64, 64, 256, 0, 4, 1);

  private GatherGemmAnyKernels() {}

  static Call gather(
      ValueType type, Products.Epilogue epilogue, Geometry g, Products.Operands o, int images) {
    Call call = Call.of("gather_gemm_any", "gather_gemm", epilogue.word(), type.suffix(), "any");
    return GatheredCalls.product(call, type.c(), TILE, g, o, images);
  }
}
