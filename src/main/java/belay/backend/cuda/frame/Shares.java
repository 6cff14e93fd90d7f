package belay.backend.cuda.frame;

import belay.backend.cuda.kernels.Parts;
import java.util.Comparator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * How the pixels of a weight gradient are dealt out to blocks.
 *
 * @param tiles of the gradient; each share has a block for each
 * @param places blocks that the device runs at a time
 */
record Shares(long tiles, long places) {
  /** Fewer pixels than this are not worth a block of their own. */
  private static final int LEAST = 256;

  /** Shares are whole slabs of every kernel. */
  private static final int SLAB = 64;

  /** Rounds of blocks that may pay. */
  private static final int ROUNDS = 6;

  /** Writing a tile costs as much as so many pixels; so does reading it again. */
  private static final double WRITING = 370;

  /**
   * The cut that costs least: whole rounds of blocks keep all places busy, shares that are shards
   * leave the fewest parts.
   */
  Parts parts(int pixels, int shard) {
    int most = Math.max(1, pixels / LEAST);
    int shards = (pixels + shard - 1) / shard;
    long first = (tiles + places - 1) / places;
    return IntStream.concat(
            LongStream.range(first, first + ROUNDS)
                .mapToInt(rounds -> (int) Math.min(most, rounds * places / tiles)),
            IntStream.of(Math.min(most, shards)))
        .mapToObj(blocks -> new Parts(pixels, share(pixels, blocks), shard))
        .min(Comparator.comparingDouble(this::cost))
        .orElseThrow();
  }

  private static int share(int pixels, int blocks) {
    return ((pixels + blocks - 1) / blocks + SLAB - 1) / SLAB * SLAB;
  }

  /** Pixels' worth of the busiest place's work, and of adding the parts. */
  private double cost(Parts parts) {
    long rounds = (tiles * parts.blocks() + places - 1) / places;
    double written = (double) parts.count() / parts.blocks();
    double read = WRITING * parts.count() * tiles / places;
    return rounds * (parts.share() + WRITING * written) + read;
  }
}
