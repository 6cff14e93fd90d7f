package belay.backend.cuda.kernels;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;

/** kernels/reduce.cu: sums in a fixed order. */
public final class ReduceKernels {
  /** Blocks of a column sum: enough for every GPU, and the same on all. */
  public static final int COLUMN_BLOCKS = 512;

  private static final int THREADS = 256;

  /** Threads that share the splits of one value. */
  static final int GROUPS = 8;

  private ReduceKernels() {}

  /**
   * @param parts [splits] times count values, stride apart
   * @param out [count]
   */
  public static Call addSplits(
      Address parts, int splits, int stride, int count, float scale, Address out) {
    return Call.of("reduce", "add_splits")
        .in("float", parts)
        .ints(splits, stride, count)
        .floats(scale)
        .out("float", out)
        .over((long) GROUPS * count);
  }

  /**
   * @param parts [splits, 16, padded, inputs]
   * @param out [3, 3, inputs, outputs]
   */
  public static Call foldTaps(
      Address parts, int splits, int inputs, int outputs, int padded, float scale, Address out) {
    return Call.of("reduce", "fold_taps")
        .in("float", parts)
        .ints(splits, inputs, outputs, padded)
        .floats(scale)
        .out("float", out)
        .over(9L * GROUPS * inputs * outputs);
  }

  /**
   * @param d [pixels, stride]
   * @param partial [COLUMN_BLOCKS, columns]
   */
  public static Call columnSums(
      ValueType type, Address d, long pixels, int stride, int columns, Address partial) {
    return Call.of("reduce", "column_sums", type.suffix())
        .in(type.c(), d)
        .int64(pixels)
        .ints(stride, columns)
        .out("float", partial)
        .by(COLUMN_BLOCKS, 1, 1, THREADS);
  }
}
