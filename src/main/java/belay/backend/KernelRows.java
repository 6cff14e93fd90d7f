package belay.backend;

/** A kernel matrix whose blocks are computed on demand. */
public interface KernelRows extends AutoCloseable {
  /**
   * Computes kernel(left_i, right_j) for a range of left and a range of right samples.
   *
   * @param out receives row-major [leftCount, rightCount]
   */
  void block(int firstLeft, int leftCount, int firstRight, int rightCount, float[] out);

  @Override
  void close();
}
