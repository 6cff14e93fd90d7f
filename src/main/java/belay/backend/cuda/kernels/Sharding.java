package belay.backend.cuda.kernels;

import belay.backend.cuda.driver.Call;
import belay.net.Shape;

/**
 * How the passes of kernels/batch_norm.cuh share out a value.
 *
 * @param images of the launch
 * @param shape of each
 * @param shardImages q: images of a shard, of which the last may have fewer
 */
public record Sharding(int images, Shape shape, int shardImages) {
  /** Pixels of a part of a sum at least. */
  static final int PART = 256;

  static final int MOST_PARTS = 128;

  /** Pixels of a block at most. */
  private static final int MOST_PASS = 1024;

  /** Blocks that keep a device busy. */
  private static final int ENOUGH_BLOCKS = 512;

  static final int ACROSS = 8;
  static final int COLUMNS = 8;
  static final int THREADS = 256;

  /** Bytes that a thread reads together. */
  private static final int WIDTH = 16;

  public int shards() {
    return (images + shardImages - 1) / shardImages;
  }

  /** Parts of a shard's sum at most. */
  public int parts() {
    return Math.min(MOST_PARTS, ceil(shardPixels(), PART));
  }

  /** The same of so many pixels each; 0 for those of a pass of its own. */
  int parts(int each) {
    return each > 0 ? shardPixels() / each : parts();
  }

  /** Floats of the parts of all shards' two sums. */
  public long partValues() {
    return shards() * (long) parts() * 2 * shape.channels();
  }

  /** Floats of all shards' two sums. */
  public int sumValues() {
    return shards() * 2 * shape.channels();
  }

  /** Adds what all passes take. */
  Call sizes(Call call) {
    return call.ints(images, area(), shape.channels(), shardImages);
  }

  private int area() {
    return shape.height() * shape.width();
  }

  private int shardPixels() {
    return shardImages * area();
  }

  /** Pixels of a block where nothing is summed: many, unless blocks would be few. */
  int pass(ValueType type) {
    long blocks = (long) shards() * across(type) * ceil(shardPixels(), MOST_PASS);
    long fewer =
        Math.min(MOST_PASS / PART, ceil(ENOUGH_BLOCKS, (int) Math.min(blocks, ENOUGH_BLOCKS)));
    return MOST_PASS / Integer.highestOneBit((int) fewer);
  }

  /** Blocks of pixels where nothing is summed. */
  int passes(ValueType type) {
    return ceil(shardPixels(), pass(type));
  }

  /** Blocks of channels. */
  int across(ValueType type) {
    int lanes = WIDTH / type.bytes();
    int width = shape.channels() % lanes == 0 ? lanes : 1;
    return ceil(shape.channels(), ACROSS * width);
  }

  /** Blocks of channels where parts are added. */
  int columns() {
    return ceil(shape.channels(), COLUMNS);
  }

  private static int ceil(int number, int by) {
    return (number + by - 1) / by;
  }
}
