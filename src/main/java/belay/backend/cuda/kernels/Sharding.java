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
  static final int ACROSS = 8;
  static final int COLUMNS = 32;
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

  /** Blocks of pixels where nothing is summed. */
  int passes() {
    return ceil(shardPixels(), PART);
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
