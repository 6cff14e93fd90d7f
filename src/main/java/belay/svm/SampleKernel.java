package belay.svm;

import belay.backend.KernelRows;
import java.util.Arrays;

/**
 * Kernel values between the sorted samples, computed in tiles that last well under a second.
 * Threads take turns, since a backend serves one at a time.
 */
final class SampleKernel {
  /** Multiply-adds of a tile: large enough for a GEMM, under half a second on one slow core. */
  private static final double TILE_WORK = 1L << 31;

  private static final int SMALLEST_TILE = 64;
  private static final int LARGEST_TILE = 2048;

  /** Receives kernel(left_i, right_j) as row-major [left.count, right.count]. */
  interface Tile {
    void accept(Range left, Range right, float[] values);
  }

  private final KernelRows rows;
  private final int side;
  private final boolean isRbf; // a sample with itself has exactly 1
  private final Cancellation cancellation;

  /**
   * @param side rows and columns of a tile
   */
  SampleKernel(KernelRows rows, int side, boolean isRbf, Cancellation cancellation) {
    this.rows = rows;
    this.side = side;
    this.isRbf = isRbf;
    this.cancellation = cancellation;
  }

  /** The side of a tile for samples of so many features, computed by so many threads. */
  static int tileSide(int features, int threads) {
    double work = TILE_WORK * threads / Math.max(1, features);
    int side = (int) Math.sqrt(work) / SMALLEST_TILE * SMALLEST_TILE;
    return Math.max(SMALLEST_TILE, Math.min(LARGEST_TILE, side));
  }

  /** Bytes of the largest tile that ranges of so many samples need. */
  static long tileBytes(int features, int threads, int largest) {
    long side = Math.min(tileSide(features, threads), largest);
    return side * side * Float.BYTES;
  }

  /** All tiles of left x right. */
  void rectangle(Range left, Range right, Tile tile) {
    float[] values = new float[tileRows(left.count()) * tileRows(right.count())];
    for (int i = left.first(); i < left.end(); i += side) {
      Range some = new Range(i, Math.min(side, left.end() - i));
      tiles(some, right, values, tile);
    }
  }

  /** Tiles of range x range that lie on or above the diagonal. */
  void triangle(Range range, Tile tile) {
    float[] values = new float[tileRows(range.count()) * tileRows(range.count())];
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
    float[] values = new float[tileRows(count) * tileRows(count)];
    for (int i = 0; i < count; i += side) {
      Range some = new Range(i, Math.min(side, count - i));
      block(some, some, values);
      for (int t = 0; t < some.count(); t++) {
        diagonal[i + t] = values[t * some.count() + t];
      }
    }
    return diagonal;
  }

  private int tileRows(int count) {
    return Math.min(side, count);
  }

  private void tiles(Range left, Range right, float[] values, Tile tile) {
    for (int j = right.first(); j < right.end(); j += side) {
      Range some = new Range(j, Math.min(side, right.end() - j));
      block(left, some, values);
      tile.accept(left, some, values);
    }
  }

  private void block(Range left, Range right, float[] values) {
    synchronized (rows) {
      cancellation.check(); // in here: many threads may have waited long for their turn
      rows.block(left.first(), left.count(), right.first(), right.count(), values);
    }
  }
}
