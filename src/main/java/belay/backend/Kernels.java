package belay.backend;

/** Opens kernel matrices; {@code backend::kernelRows} is one. */
@FunctionalInterface
public interface Kernels {
  /**
   * Blocks of the matrix kernel(left_i, right_j).
   *
   * @param left samples [n, d]
   * @param right samples [m, d]; the same object as left for a training matrix
   */
  KernelRows kernelRows(FloatMatrix left, FloatMatrix right, KernelFunction kernel);
}
