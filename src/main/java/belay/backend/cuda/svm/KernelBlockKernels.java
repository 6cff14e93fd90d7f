package belay.backend.cuda.svm;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;

/** kernels/kernel_block.cu: blocks of a support vector machine's kernel matrix. */
public final class KernelBlockKernels {
  public static final int TILE = 64;
  private static final int THREADS = 256;

  private KernelBlockKernels() {}

  /**
   * Dot products.
   *
   * @param left [leftCount, depth]
   * @param right [rightCount, depth]
   * @param out [leftCount, rightCount]
   */
  public static Call linear(
      Address left, int leftCount, Address right, int rightCount, int depth, Address out) {
    return block("linear", left, leftCount, right, rightCount, depth, -1, out);
  }

  /**
   * exp(-gamma |left - right|^2).
   *
   * @param left [leftCount, depth]
   * @param right [rightCount, depth]
   * @param out [leftCount, rightCount]
   */
  public static Call rbf(
      Address left,
      int leftCount,
      Address right,
      int rightCount,
      int depth,
      float gamma,
      Address out) {
    return block("rbf", left, leftCount, right, rightCount, depth, gamma, out);
  }

  private static Call block(
      String function,
      Address left,
      int leftCount,
      Address right,
      int rightCount,
      int depth,
      float gamma,
      Address out) {
    return Call.of("kernel_block", "kernel_block", function)
        .in("float", left)
        .ints(leftCount)
        .in("float", right)
        .ints(rightCount, depth)
        .floats(gamma)
        .out("float", out)
        .by(tiles(rightCount), tiles(leftCount), 1, THREADS);
  }

  private static int tiles(int length) {
    return (length + TILE - 1) / TILE;
  }
}
