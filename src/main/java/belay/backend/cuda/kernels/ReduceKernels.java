package belay.backend.cuda.kernels;

import belay.backend.cuda.driver.Address;
import belay.backend.cuda.driver.Call;

/** kernels/reduce.cu: sums in a fixed order. */
public final class ReduceKernels {
  /** Blocks of a column sum at most: enough for every GPU, and the same on all. */
  public static final int COLUMN_BLOCKS = 512;

  private static final int THREADS = 256;

  /** Threads that share the parts of one value, and those where there are few values. */
  static final int GROUPS = 8;

  static final int MORE_GROUPS = 32;
  static final int FEW_OUTPUTS = 1024;
  static final int WIDE_OUTPUTS = 4096;

  /** Outputs of which a thread takes four, where a shard has few parts. */
  private static final int MANY_OUTPUTS = 32768;

  private static final int MANY_PARTS = 8;

  private ReduceKernels() {}

  private static long threads(Parts parts, int outputs) {
    if (outputs >= MANY_OUTPUTS && parts.ofShard() < MANY_PARTS) {
      return outputs / 4;
    }
    return (long) outputs * (outputs > FEW_OUTPUTS ? GROUPS : MORE_GROUPS);
  }

  /**
   * @param sums [parts] times count values, stride apart
   * @param out [count]
   */
  public static Call addSplits(
      Address sums, Parts parts, int stride, int count, float scale, Address out) {
    return parts
        .all(Call.of("reduce", "add_splits").in("float", sums))
        .ints(stride, count)
        .floats(scale)
        .out("float", out)
        .over(threads(parts, count));
  }

  /**
   * @param sums [parts, 16, padded, inputs]
   * @param out [3, 3, inputs, outputs]
   */
  public static Call foldTaps(
      Address sums, Parts parts, int inputs, int outputs, int padded, float scale, Address out) {
    return parts
        .all(Call.of("reduce", "fold_taps").in("float", sums))
        .ints(inputs, outputs, padded)
        .floats(scale)
        .out("float", out)
        .over(threads(parts, 9 * inputs * outputs));
  }

  /**
   * How {@link #columnSums} leaves its sums: each shard has as many parts, of which the last ones
   * may be empty.
   */
  public static Parts columnParts(int pixels, int shard) {
    int shards = (pixels - 1) / shard + 1;
    int blocks = COLUMN_BLOCKS / Integer.highestOneBit(2 * shards - 1);
    return new Parts(shards * blocks, 1, blocks);
  }

  /**
   * @param d [pixels, stride]
   * @param shard pixels of each shard but the last one
   * @param partial [{@link #columnParts}, columns]
   */
  public static Call columnSums(
      ValueType type, Address d, int pixels, int shard, int stride, int columns, Address partial) {
    Parts parts = columnParts(pixels, shard);
    return Call.of("reduce", "column_sums", type.suffix())
        .in(type.c(), d)
        .ints(pixels, shard, stride, columns)
        .out("float", partial)
        .by(parts.shard(), parts.terms() / parts.shard(), 1, THREADS);
  }
}
