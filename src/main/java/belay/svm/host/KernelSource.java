package belay.svm.host;

/** The kernel matrix of one binary problem. */
interface KernelSource {
  /** Samples of the problem. */
  int size();

  /**
   * Row {@code index} of the matrix [size]. It must not be changed, and holds its values until the
   * second next call.
   */
  float[] row(int index);

  /** kernel(i, i) [size] */
  float[] diagonal();
}
