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
   * @param group of the kernel [UpdateGroupKernels.GROUP]
   * @param u what is to be made orthogonal
   * @param parts sums of its squares, then of the weights' [2, UpdateKernels.PARTS] f64
   */
  public static Call momentum(
      Address first,
      Address gradient,
      Address weights,
      int count,
      Address group,
      Address scalars,
      Address epoch,
      float momentum,
      Address u,
      Address parts) {
    return Call.of("muon", "muon_momentum")
        .out("float", first)
        .in("float", gradient)
        .in("float", weights)
        .ints(count)
        .in("float", group)
        .in("float", scalars)
        .in("int", epoch)
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
   * @param group of the kernel [UpdateGroupKernels.GROUP]
   * @param scalars learning rate at its first place
   * @param parts of {@link #momentum}
   * @param length that the weights are brought to first; 0 for the one that they have
   */
  public static Call descend(
      Address weights,
      Address u,
      int count,
      Address group,
      Address scalars,
      Address epoch,
      Address parts,
      float length,
      float scale) {
    return Call.of("muon", "muon_descend")
        .out("float", weights)
        .in("float", u)
        .ints(count)
        .in("float", group)
        .in("float", scalars)
        .in("int", epoch)
        .in("double", parts)
        .floats(length, scale)
        .over(count);
  }
}
