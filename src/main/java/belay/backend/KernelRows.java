package belay.backend;

/**
 * A kernel matrix whose blocks are computed on demand. The bits of a value depend on its two
 * samples alone: not on the bounds of the block, nor on which of the two is left. So a caller may
 * ask for the tiles that suit its memory and mirror a training matrix. A sample of a training
 * matrix with itself has an RBF value of exactly 1. KernelRowsContract tests it.
 */
public interface KernelRows extends AutoCloseable {
  /**
   * Computes kernel(left_i, right_j) for a range of left and a range of right samples.
   *
   * @param out receives row-major [leftCount, rightCount]; may be longer
   * @throws belay.error.StoppedException if asked to stop meanwhile; the block is then undefined
   */
  void block(int firstLeft, int leftCount, int firstRight, int rightCount, float[] out);

  @Override
  void close();
}
