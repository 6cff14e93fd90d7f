package belay.svm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import belay.backend.FloatMatrix;
import belay.error.StoppedException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ClassOrderTest {
  @Test
  void sortsEveryRowToItsPlace() {
    Samples samples = Samples.blobs(1, 3, 40, 1, 70, 25);
    ClassOrder order = ClassOrder.of(samples.labels());
    FloatMatrix sorted = samples.copy();
    order.sort(sorted, new Cancellation(() -> false));
    for (int p = 0; p < sorted.rows(); p++) {
      assertArrayEquals(row(samples.features(), order.rows()[p]), row(sorted, p));
    }
  }

  @Test
  void sortingHearsTheStopSignal() {
    Samples samples = Samples.blobs(1, 3, 40, 70);
    assertThrows(
        StoppedException.class,
        () -> ClassOrder.of(samples.labels()).sort(samples.copy(), new Cancellation(() -> true)));
  }

  @Test
  void theLargestPairAreTheTwoLargestClasses() {
    assertEquals(110, ClassOrder.of(Samples.blobs(1, 1, 40, 1, 70, 25).labels()).largestPair());
  }

  private static float[] row(FloatMatrix matrix, int index) {
    int width = matrix.columns();
    return Arrays.copyOfRange(matrix.values(), index * width, (index + 1) * width);
  }
}
