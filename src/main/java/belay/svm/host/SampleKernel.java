package belay.svm.host;

import belay.backend.KernelRows;
import belay.log.ProgressLine;
import java.util.Arrays;

/**
 * Kernel values between the sorted samples, computed in tiles that last well under a second.
 * Threads take turns, since a backend serves one at a time.
 */
final class SampleKernel {
  /** Multiply-adds of a square of the side: well under a second on one slow core. */
  private static final double SIDE_WORK = 1L << 31;

  private static final int SMALLEST_SIDE = 64;
  private static final int LARGEST_SIDE = 2048;

  /**
   * Sides above this are multiples of it, so that backends with tiles of their own waste little.
   */
  private static final int STEP = 512;

  /** Values of a tile at most. */
  private static final int LARGEST_TILE = 1 << 24;

  /** Receives kernel(left_i, right_j) as row-major [left.count, right.count]. */
  interface Tile {
    void accept(Range left, Range right, float[] values);
  }

  private final KernelRows rows;
  private final int side; // rows of a tile
  private final int width; // columns of a tile
  private final boolean isRbf; // a sample with itself has exactly 1
  private final StopCheck stopped;
  private long computed; // values, guarded by rows

  /**
   * @param side rows of a tile
   * @param width columns of a tile
   */
  SampleKernel(KernelRows rows, int side, int width, boolean isRbf, StopCheck stopped) {
    this.rows = rows;
    this.side = side;
    this.width = width;
    this.isRbf = isRbf;
    this.stopped = stopped;
  }

  /** Rows of a tile for samples of so many features. */
  static int side(int features) {
    int side = (int) Math.sqrt(SIDE_WORK / Math.max(1, features));
    int step = side > STEP ? STEP : SMALLEST_SIDE;
    return Math.max(SMALLEST_SIDE, Math.min(LARGEST_SIDE, side / step * step));
  }

  /** Columns of a tile: enough for all threads of a backend that shares a tile among them. */
  static int width(int features, int threads) {
    int side = side(features);
    return Math.max(side, Math.min(2 * threads * side, LARGEST_TILE / side / STEP * STEP));
  }

  /** Bytes of the largest tile that ranges of so many samples need. */
  static long tileBytes(int features, int threads, int largest) {
    long height = Math.min(side(features), largest);
    return height * Math.min(width(features, threads), largest) * Float.BYTES;
  }

  /** All tiles of left x right. */
  void rectangle(Range left, Range right, Tile tile) {
    float[] values = tile(left.count(), right.count());
    for (int i = left.first(); i < left.end(); i += side) {
      Range some = new Range(i, Math.min(side, left.end() - i));
      tiles(some, right, values, tile);
    }
  }

  /** Tiles of range x range that lie on or above the diagonal. */
  void triangle(Range range, Tile tile) {
    float[] values = tile(range.count(), range.count());
    for (int i = range.first(); i < range.end(); i += side) {
      Range some = new Range(i, Math.min(side, range.end() - i));
      tiles(some, new Range(i, range.end() - i), values, tile);
    }
  }

  /** kernel(i, i) for the first {@code count} samples. */
  float[] diagonal(int count) {
    float[] diagonal = new float[count];
    if (isRbf) {
      Arrays.fill(diagonal, 1);
      return diagonal;
    }
    float[] values = tile(count, Math.min(side, count));
    for (int i = 0; i < count; i += side) {
      Range some = new Range(i, Math.min(side, count - i));
      block(some, some, values);
      for (int t = 0; t < some.count(); t++) {
        diagonal[i + t] = values[t * some.count() + t];
      }
    }
    return diagonal;
  }

  private float[] tile(int rows, int columns) {
    return new float[Math.min(side, rows) * Math.min(width, columns)];
  }

  private void tiles(Range left, Range right, float[] values, Tile tile) {
    for (int j = right.first(); j < right.end(); j += width) {
      Range some = new Range(j, Math.min(width, right.end() - j));
      block(left, some, values);
      tile.accept(left, some, values);
    }
  }

  private void block(Range left, Range right, float[] values) {
    synchronized (rows) {
      // In here: many threads may have waited long for their turn.
      stopped.check(() -> new ProgressLine(computed, 0, "stage=svm kernel-values=" + computed));
      rows.block(left.first(), left.count(), right.first(), right.count(), values);
      computed += (long) left.count() * right.count();
    }
  }
}
