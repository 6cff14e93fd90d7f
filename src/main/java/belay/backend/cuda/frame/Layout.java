package belay.backend.cuda.frame;

import java.util.List;
import java.util.OptionalInt;

/**
 * How a plan lays out its work. The bits of its results depend on the number of shards alone;
 * CudaShardsTest shows it with the other two.
 *
 * @param shards of a minibatch at most, a power of two up to 64
 * @param tile number of the tile that gathered products take, the last one if a format has fewer;
 *     empty for the fastest
 * @param order of shards that are launched one by one, those that a minibatch lacks left out; empty
 *     where one launch holds all
 */
public record Layout(int shards, OptionalInt tile, List<Integer> order) {
  /**
   * Images that one launch holds.
   *
   * @param to the image behind the last one
   */
  public record Launch(int from, int to) {}

  /** The fastest. */
  public static Layout of(int shards) {
    return new Layout(shards, OptionalInt.empty(), List.of());
  }

  /** Images of each shard of a minibatch of so many images, but for the last ones. */
  int shardSize(int images) {
    return (images + shards - 1) / shards;
  }

  /** The launches of a minibatch. */
  public List<Launch> launches(int images) {
    int size = shardSize(images);
    return order.isEmpty()
        ? List.of(new Launch(0, images))
        : order.stream()
            .filter(shard -> shard * size < images)
            .map(shard -> new Launch(shard * size, Math.min(images, (shard + 1) * size)))
            .toList();
  }
}
