package belay.backend.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** How minibatches are cut: what is summed in which order hangs on it. */
class SliceTest {
  @Test
  void aLargeShardIsCutIntoSlicesAsEqualAsMayBe() {
    assertEquals("[0-8 8-16] [16-24 24-32]", cut(32, 16, Recipe::slice));
    assertEquals("[0-7 7-13] [13-20 20-26]", cut(26, 13, Recipe::slice));
  }

  @Test
  void aShardOfEightImagesIsOneSlice() {
    assertEquals("[0-8] [8-16]", cut(16, 8, Recipe::slice));
  }

  /** So that it gives the same bits in a minibatch of any size. */
  @Test
  void slicesOfAShortShardAreThoseOfItsOwnSize() {
    assertEquals("[0-6 6-12] [12-17]", cut(17, 12, Recipe::slice));
  }

  @Test
  void shardsThatAreNotCutAreSlices() {
    assertEquals("[0-20] [20-40] [40-41]", cut(41, 20, shard -> shard));
  }

  private static String cut(int images, int shardSize, IntUnaryOperator sliceSize) {
    List<Slice> slices = Slice.of(images, shardSize, sliceSize);
    return slices.stream()
        .map(
            slice ->
                (slice.first() ? "[" : "")
                    + slice.from()
                    + "-"
                    + slice.to()
                    + (slice.last() ? "]" : ""))
        .collect(Collectors.joining(" "));
  }
}
