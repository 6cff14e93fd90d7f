package belay.svm.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClassOrderTest {
  private final ClassOrder order = ClassOrder.of(Samples.blobs(1, 1, 40, 1, 70, 25).labels());

  @Test
  void everyRowHasAPlaceAmongThoseOfItsClass() {
    int[] labels = Samples.blobs(1, 1, 40, 1, 70, 25).labels();
    int[] places = order.places();
    for (int row = 0; row < labels.length; row++) {
      assertEquals(row, order.rows()[places[row]]);
      assertEquals(labels[row], order.classOf(places[row]));
    }
  }

  @Test
  void rowsOfAClassKeepTheirOrder() {
    for (int c = 0; c < 4; c++) {
      Range range = order.range(c);
      int[] rows = Arrays.copyOfRange(order.rows(), range.first(), range.end());
      assertArrayEquals(IntStream.of(rows).sorted().toArray(), rows);
    }
  }

  @Test
  void sizesAloneGiveTheSameRanges() {
    ClassOrder sorted = ClassOrder.sorted(order.sizes());
    assertArrayEquals(new int[] {40, 1, 70, 25}, sorted.sizes());
    assertArrayEquals(order.starts(), sorted.starts());
    assertEquals(136, sorted.rows().length);
  }

  @Test
  void theLargestPairAreTheTwoLargestClasses() {
    assertEquals(110, order.largestPair());
  }
}
