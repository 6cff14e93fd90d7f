package belay.backend.cuda.conv;

import belay.backend.cuda.driver.Call;
import belay.backend.cuda.kernels.ValueType;
import belay.net.Shape;

/** kernels/gather_gemm_any.cu: the products of kernels/gather_gemm.cu for any channels and type. */
public final class GatherGemmAnyKernels {
  public static final Tile TILE = new Tile(64, 64, 256, 0, 4, 1);

  private GatherGemmAnyKernels() {}

  /** Outputs of {@link #few} at most. */
  public static final int FEW = 16;

  /** Rows of a block of {@link #few}. */
  public static final int ROWS = 8;

  /** Whether a product is a linear layer of so few outputs that they fill no tile. */
  public static boolean areFew(Epilogue epilogue, Geometry g) {
    boolean linear = g.taps() == 1 && g.phases() == 1 && isPixel(g.in()) && isPixel(g.grid());
    return linear && epilogue == Epilogue.PLAIN && g.outputs() <= FEW;
  }

  private static boolean isPixel(Shape shape) {
    return shape.height() == 1 && shape.width() == 1;
  }

  /** A product of which {@link #areFew} says so. */
  public static Call few(ValueType type, Geometry g, Operands o, int images, int first) {
    return Call.of("gather_gemm_any", "linear_few", type.suffix())
        .in(type.c(), o.x())
        .in(type.c(), o.weights())
        .in("float", o.bias())
        .out(type.c(), o.y())
        .ints(images, g.depth(), g.outputs(), first)
        .operations(g.operations(images))
        .by((images - first + ROWS - 1) / ROWS, 1, 1, TILE.threads());
  }

  public static Call gather(
      ValueType type, Epilogue epilogue, Geometry g, Operands o, int images, int first) {
    Call call = Call.of("gather_gemm_any", "gather_gemm", epilogue.word(), type.suffix(), "any");
    return GatheredCalls.product(call, type.c(), TILE, g, o, images, first);
  }
}
