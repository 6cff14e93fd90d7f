package belay.backend.cuda;

/** The kernels that do nearly all the arithmetic, in one number format. */
interface Products {
  /** What a product does with its sums before it writes them. */
  enum Epilogue {
    PLAIN,
    RELU,
    POOL,
    MASK,
    UNPOOL
  }

  /**
   * Where a gathered product finds its tensors; null for those that its epilogue does not use.
   *
   * @param bias address of the bias in the parameter vector
   */
  record Operands(
      Arena.Slice x,
      Arena.Slice weights,
      jcuda.driver.CUdeviceptr bias,
      Arena.Slice mask,
      Arena.Slice y,
      Arena.Slice argmax) {}

  /** Whether prepared weights lie [outputs][depth] instead of [depth][outputs]. */
  boolean across();

  /** Adds a product to a tape. */
  void gather(Tape tape, Geometry geometry, Epilogue epilogue, Operands operands, int images);

  /** A bound of {@link #splits} for minibatches of up to so many images. */
  int mostSplits(Geometry geometry, int images);

  /** In how many parts the sum over the pixels is split. */
  int splits(Geometry geometry, int images);

  /**
   * Adds a weight gradient to a tape.
   *
   * @param x gathered [images, in]
   * @param d [images, grid]
   * @param sums receives [splits][depth][outputs]
   * @param columns receives the sums of d [splits][outputs]; may be null
   */
  void weightGradient(
      Tape tape,
      Geometry geometry,
      Arena.Slice x,
      Arena.Slice d,
      jcuda.driver.CUdeviceptr sums,
      jcuda.driver.CUdeviceptr columns,
      int images);
}
