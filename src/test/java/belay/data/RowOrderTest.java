package belay.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RowOrderTest {

  @Test
  void anEpochVisitsEveryRowOnce() {
    int[] rows = new RowOrder(1, 1_000).permutation(3);
    Arrays.sort(rows);

    assertArrayEquals(RowOrder.identity(1_000), rows);
  }

  @Test
  void theOrderIsAFunctionOfSeedAndEpoch() {
    RowOrder order = new RowOrder(1, 1_000);
    int[] third = order.permutation(3);
    order.permutation(4);

    assertArrayEquals(third, order.permutation(3));
    assertArrayEquals(third, new RowOrder(1, 1_000).permutation(3));
  }

  @Test
  void otherSeedsAndEpochsHaveOtherOrders() {
    int[] rows = new RowOrder(1, 1_000).permutation(3);

    assertFalse(Arrays.equals(rows, new RowOrder(1, 1_000).permutation(4)));
    assertFalse(Arrays.equals(rows, new RowOrder(2, 1_000).permutation(3)));
    assertFalse(Arrays.equals(rows, RowOrder.identity(1_000)));
  }

  /** A change of this order would make old checkpoints continue differently. */
  @Test
  void theOrderNeverChanges() {
    assertArrayEquals(new int[] {2, 0, 4, 5, 7, 6, 3, 1}, new RowOrder(42, 8).permutation(1));
  }

  @Test
  void everyOrderOfThreeIsEquallyFrequent() {
    RowOrder order = new RowOrder(9, 3);
    int[] counts = new int[27];
    for (int epoch = 0; epoch < 6_000; epoch++) {
      int[] rows = order.permutation(epoch);
      counts[rows[0] * 9 + rows[1] * 3 + rows[2]]++;
    }
    // Six orders, 1,000 each; the deviation is 29 and the draws are fixed.
    assertEquals(6, Arrays.stream(counts).filter(count -> count > 880 && count < 1_120).count());
  }

  @Test
  void noRowsAndOneRowHaveAnOrder() {
    assertEquals(0, new RowOrder(1, 0).permutation(0).length);
    assertArrayEquals(new int[] {0}, new RowOrder(1, 1).permutation(0));
  }
}
