package belay.backend.onednn;

import belay.backend.FloatMatrix;
import belay.backend.KernelFunction;
import belay.backend.KernelRows;
import belay.backend.StopFlag;
import belay.backend.onednn.dnnl.Buffer;
import belay.backend.onednn.dnnl.Crew;
import belay.backend.onednn.dnnl.Dnnl;
import belay.backend.onednn.dnnl.Scope;

/**
 * Kernel blocks from tiles of a matrix product: |x - z|^2 = |x|^2 + |z|^2 - 2 x.z. The samples are
 * copied to native memory once.
 *
 * <p>Every product has the size of a whole tile, also at a block's edge: oneDNN splits its sums by
 * the size of the matrices, and a kernel value must have the same bits in whichever block it is
 * asked for.
 */
final class OnednnKernelRows implements KernelRows {
  private static final int TILE_ROWS = 256;
  private static final int TILE_COLUMNS = 512;

  private final Scope scope;
  private final Crew crew;
  private final StopFlag stop;
  private final KernelFunction kernel;
  private final Samples left;
  private final Samples right;
  private final boolean same;
  private final Buffer[] products; // [workers][TILE_ROWS, TILE_COLUMNS]
  private final Line[] lines; // of each worker

  /**
   * @param scope owned from now on
   */
  OnednnKernelRows(
      Scope scope,
      Crew crew,
      StopFlag stop,
      FloatMatrix left,
      FloatMatrix right,
      KernelFunction kernel) {
    this.scope = scope;
    this.crew = crew;
    this.stop = stop;
    this.kernel = kernel;
    this.same = left == right;
    this.left = Samples.of(scope, crew, stop, left);
    this.right = same ? this.left : Samples.of(scope, crew, stop, right);
    this.products = new Buffer[crew.workers()];
    this.lines = new Line[crew.workers()];
    for (int i = 0; i < products.length; i++) {
      lines[i] = new Line();
      products[i] = scope.allocate((long) Float.BYTES * TILE_ROWS * TILE_COLUMNS);
    }
  }

  @Override
  public void block(int firstLeft, int leftCount, int firstRight, int rightCount, float[] out) {
    int across = (rightCount + TILE_COLUMNS - 1) / TILE_COLUMNS;
    int down = (leftCount + TILE_ROWS - 1) / TILE_ROWS;
    crew.forEach(
        across * down,
        (worker, index) -> {
          stop.check();
          int row = index / across * TILE_ROWS;
          int column = index % across * TILE_COLUMNS;
          int rows = Math.min(TILE_ROWS, leftCount - row);
          int columns = Math.min(TILE_COLUMNS, rightCount - column);
          multiply(worker, firstLeft + row, firstRight + column);
          for (int i = 0; i < rows; i++) {
            int to = (row + i) * rightCount + column;
            products[worker].read((long) Float.BYTES * i * TILE_COLUMNS, out, to, columns);
            if (kernel instanceof KernelFunction.Rbf rbf) {
              double norm = left.norms()[firstLeft + row + i];
              lines[worker].rbf(
                  rbf.gamma(), norm, right.norms(), firstRight + column, columns, out, to);
              int itself = firstLeft + row + i - firstRight - column;
              if (same && itself >= 0 && itself < columns) {
                out[to + itself] = 1; // whatever the rounding
              }
            }
          }
        });
  }

  /** products = left rows times right rows, transposed: [TILE_ROWS, TILE_COLUMNS]. */
  private void multiply(int worker, int firstLeft, int firstRight) {
    int depth = left.columns();
    Dnnl.check(
        Dnnl.dnnl_sgemm(
            (byte) 'N',
            (byte) 'T',
            TILE_ROWS,
            TILE_COLUMNS,
            depth,
            1,
            left.address(firstLeft),
            depth,
            right.address(firstRight),
            depth,
            0,
            products[worker].address(),
            TILE_COLUMNS),
        "multiply matrices");
  }

  @Override
  public void close() {
    scope.close();
  }

  /**
   * Samples in native memory, with zeros behind them for the tiles that reach beyond the last.
   *
   * @param norms squared lengths [rows]
   */
  private record Samples(Buffer values, int columns, double[] norms) {
    static Samples of(Scope scope, Crew crew, StopFlag stop, FloatMatrix matrix) {
      int columns = matrix.columns();
      long rowBytes = (long) Float.BYTES * columns;
      // Not cleared as a whole: for gigabytes that takes seconds, in which nobody hears a signal.
      Buffer values = scope.reserve(rowBytes * (matrix.rows() + TILE_COLUMNS));
      values.slice(rowBytes * matrix.rows(), rowBytes * TILE_COLUMNS).clear();
      double[] norms = new double[matrix.rows()];
      crew.forEach(
          matrix.rows(),
          (worker, row) -> {
            stop.check();
            int from = row * columns;
            values.write(rowBytes * row, matrix.values(), from, columns);
            double sum = 0;
            for (int c = from; c < from + columns; c++) {
              sum += (double) matrix.values()[c] * matrix.values()[c];
            }
            norms[row] = sum;
          });
      return new Samples(values, columns, norms);
    }

    long address(int row) {
      return values.address() + (long) Float.BYTES * columns * row;
    }
  }

  /** Room for the RBF values of one left sample. */
  private static final class Line {
    private final double[] values = new double[TILE_COLUMNS];
    private final double[] norms = new double[TILE_COLUMNS];

    /** Replaces products by exp(-gamma (|x|^2 + |z|^2 - 2 x.z)), where {@code to} begins. */
    void rbf(
        double gamma, double norm, double[] rights, int first, int count, float[] out, int to) {
      System.arraycopy(rights, first, norms, 0, count);
      for (int j = 0; j < count; j++) {
        values[j] = out[to + j];
      }
      exponents(values, norms, -gamma, norm);
      Exponential.of(values);
      for (int j = 0; j < count; j++) {
        out[to + j] = (float) values[j];
      }
    }

    // Whole arrays, without offsets: HotSpot vectorises no others.
    private static void exponents(double[] values, double[] norms, double factor, double norm) {
      for (int j = 0; j < values.length; j++) {
        values[j] = factor * (norm + norms[j] - 2.0 * values[j]);
      }
    }
  }
}
