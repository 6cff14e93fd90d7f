package belay.backend.cuda.update;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;

/** kernels/muon.cu: orthogonal updates of kernels. */
public final class MuonKernels {
  /** Rows and columns of a product that a block computes. */
  public static final int TILE = 32;

  private static final int THREADS = 256;

  private MuonKernels() {}

  /**
   * @param u what is to be made orthogonal
   * @param parts sums of its squares [UpdateKernels.PARTS] f64
   */
  public static Call momentum(
      Address first, Address gradient, int count, float momentum, Address u, Address parts) {
    return Call.of("muon", "muon_momentum")
        .out("float", first)
        .in("float", gradient)
        .ints(count)
        .floats(momentum)
        .out("float", u)
        .out("double", parts)
        .by(UpdateKernels.PARTS, 1, 1, THREADS);
  }

  public static Call normalize(Address u, int count, Address parts) {
    return Call.of("muon", "muon_normalize")
        .out("float", u)
        .ints(count)
        .in("double", parts)
        .over(count);
  }

  /**
   * @param pi distance of the rows of p [rows, inner] in memory
   * @param pk of its columns
   * @param qk distance of the rows of q [inner, columns] in memory
   * @param qj of its columns
   * @param add [rows, columns]; null for none
   * @param alpha factor of what is added
   * @param beta factor of the product
   */
  public static Call product(
      Address p,
      int pi,
      int pk,
      Address q,
      int qk,
      int qj,
      Address add,
      Address out,
      int rows,
      int columns,
      int inner,
      float alpha,
      float beta) {
    return Call.of("muon", "muon_product")
        .in("float", p)
        .ints(pi, pk)
        .in("float", q)
        .ints(qk, qj)
        .in("float", add)
        .out("float", out)
        .ints(rows, columns, inner)
        .floats(alpha, beta)
        .operations(2L * rows * columns * inner)
        .by(tiles(columns), tiles(rows), 1, THREADS);
  }

  private static int tiles(int size) {
    return (size + TILE - 1) / TILE;
  }

  /**
   * @param scalars learning rate at its first place
   */
  public static Call descend(Address weights, Address u, int count, Address scalars, float scale) {
    return Call.of("muon", "muon_descend")
        .out("float", weights)
        .in("float", u)
        .ints(count)
        .in("float", scalars)
        .floats(scale)
        .over(count);
  }

  /**
   * @param ranges as {@link UpdateKernels#larsSquares} wants them
   * @param scalars learning rate and the two corrections
   */
  public static Call adam(
      Address weights,
      Address first,
      Address second,
      Address gradient,
      Address ranges,
      Address scalars,
      float beta1,
      float beta2,
      float epsilon,
      int parameters) {
    return Call.of("muon", "muon_adam")
        .out("float", weights)
        .out("float", first)
        .out("float", second)
        .in("float", gradient)
        .in("int", ranges)
        .in("float", scalars)
        .floats(beta1, beta2, epsilon)
        .by(1, parameters, 1, THREADS);
  }
}
