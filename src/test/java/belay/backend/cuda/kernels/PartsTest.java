package belay.backend.cuda.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Cuts counted one by one, for all small sums. */
class PartsTest {
  private static final int MOST = 40;

  private interface Check {
    void of(Parts parts);
  }

  private static void forAll(Check check) {
    for (int terms = 1; terms <= MOST; terms++) {
      for (int share = 1; share <= MOST; share++) {
        for (int shard = 1; shard <= MOST; shard++) {
          check.of(new Parts(terms, share, shard));
        }
      }
    }
  }

  private static boolean isCut(Parts parts, int term) {
    return term % parts.share() == 0 || term % parts.shard() == 0;
  }

  @Test
  void aPartEndsWithItsShareOrItsShard() {
    forAll(
        parts -> {
          int cuts = 0;
          for (int term = 0; term < parts.terms(); term++) {
            cuts += isCut(parts, term) ? 1 : 0;
          }
          assertEquals(cuts, parts.count(), parts::toString);
        });
  }

  /** As kernels/parts.cuh computes it. */
  @Test
  void theNumberOfAPartIsThatOfTheCutsBeforeIt() {
    forAll(
        parts -> {
          int cuts = 0;
          for (int term = 1; term < parts.terms(); term++) {
            cuts += isCut(parts, term) ? 1 : 0;
            assertEquals(
                cuts,
                term / parts.share() + term / parts.shard() - term / parts.both(),
                parts::toString);
          }
        });
  }

  @Test
  void aBlockTakesAShare() {
    assertEquals(1, new Parts(64, 64, 10).blocks());
    assertEquals(2, new Parts(65, 64, 10).blocks());
  }

  @Test
  void columnSumsFillTheirRoomWhateverTheShards() {
    for (int shards = 1; shards <= 64; shards++) {
      Parts parts = ReduceKernels.columnParts(10 * shards, 10);
      assertEquals(parts.terms(), parts.count());
      assertEquals(0, parts.terms() % shards);
      assertEquals(Math.min(parts.terms(), ReduceKernels.COLUMN_BLOCKS), parts.terms());
    }
  }

  @Test
  void cutsThatNeverMeetAreFarApart() {
    assertEquals(Integer.MAX_VALUE, new Parts(100, 1 << 30, (1 << 30) - 1).both());
  }
}
