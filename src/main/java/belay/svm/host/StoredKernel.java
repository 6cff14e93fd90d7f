package belay.svm.host;

/**
 * A kernel matrix in memory, computed in tiles; a tile of two different classes is computed once
 * and mirrored.
 *
 * @param rows [size, size]
 * @param diagonal [size]
 */
record StoredKernel(float[][] rows, float[] diagonal) implements KernelSource {
  private static final int LINE = 16; // floats in a cache line

  /** The kernel of one class with itself. */
  static float[][] square(SampleKernel kernel, Range range) {
    float[][] square = new float[range.count()][range.count()];
    fill(kernel, range, square, 0);
    return square;
  }

  /**
   * The matrix of a pair of classes.
   *
   * @param aa kernel of the first class with itself; null: to be computed
   * @param bb kernel of the second class with itself; null: to be computed
   * @param diagonal kernel(i, i) of the pair's samples
   */
  static StoredKernel of(
      SampleKernel kernel, Range a, Range b, float[][] aa, float[][] bb, float[] diagonal) {
    int size = a.count() + b.count();
    float[][] rows = new float[size][size];
    copyOrFill(kernel, a, aa, rows, 0);
    copyOrFill(kernel, b, bb, rows, a.count());
    kernel.rectangle(
        a,
        b,
        (left, right, tile) -> mirror(rows, left, -a.first(), right, a.count() - b.first(), tile));
    return new StoredKernel(rows, diagonal);
  }

  private static void copyOrFill(
      SampleKernel kernel, Range range, float[][] known, float[][] rows, int offset) {
    if (known == null) {
      fill(kernel, range, rows, offset);
      return;
    }
    for (int i = 0; i < known.length; i++) {
      System.arraycopy(known[i], 0, rows[offset + i], offset, known.length);
    }
  }

  private static void fill(SampleKernel kernel, Range range, float[][] rows, int offset) {
    int shift = offset - range.first();
    kernel.triangle(range, (left, right, tile) -> mirror(rows, left, shift, right, shift, tile));
  }

  /** The kernel of all samples. */
  static float[][] all(SampleKernel kernel, int samples) {
    return square(kernel, new Range(0, samples));
  }

  @Override
  public int size() {
    return rows.length;
  }

  @Override
  public float[] row(int index) {
    return rows[index];
  }

  /** Writes a tile and its transpose; the shifts lead from a sample to its row and column. */
  private static void mirror(
      float[][] rows, Range left, int leftShift, Range right, int rightShift, float[] tile) {
    int width = right.count();
    int line = left.first() + leftShift;
    int column = right.first() + rightShift;
    for (int i = 0; i < left.count(); i++) {
      System.arraycopy(tile, i * width, rows[line + i], column, width);
    }
    for (int j = 0; j < width; j += LINE) {
      transpose(rows, column + j, line, tile, j, Math.min(LINE, width - j), left.count(), width);
    }
  }

  /** Some columns of a tile to rows of the matrix: a cache line at a time is read once. */
  private static void transpose(
      float[][] rows,
      int row,
      int column,
      float[] tile,
      int first,
      int some,
      int height,
      int width) {
    for (int i = 0; i < height; i++) {
      for (int j = 0; j < some; j++) {
        rows[row + j][column + i] = tile[i * width + first + j];
      }
    }
  }
}
