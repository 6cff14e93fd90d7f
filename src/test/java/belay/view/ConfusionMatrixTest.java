package belay.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
  private static final List<String> CIFAR =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  @Test
  void countsActualByPredicted() {
    ConfusionMatrix matrix =
        ConfusionMatrix.of(
            List.of("cat", "dog", "hen"),
            new int[] {0, 0, 0, 0, 1, 1},
            new int[] {0, 0, 0, 1, 0, 1});
    assertEquals(3, matrix.counts()[0][0]);
    assertEquals(1, matrix.counts()[0][1]);
    assertEquals(1, matrix.counts()[1][0]);
    assertEquals(4 / 6.0, matrix.accuracy());
    assertEquals(0.75, matrix.precision(0));
    assertEquals(0.75, matrix.recall(0));
    assertEquals(0.5, matrix.recall(1));
    assertTrue(Double.isNaN(matrix.precision(2)));
    assertTrue(Double.isNaN(matrix.recall(2)));
  }

  @Test
  void printsARightAlignedTable() {
    ConfusionMatrix matrix =
        new ConfusionMatrix(
            List.of("cat", "dog", "hen"), new int[][] {{30, 10, 0}, {2, 38, 0}, {0, 0, 0}});
    assertEquals(
        """
        Rows: actual class. Columns: predicted class.
                     cat    dog    hen  recall
              cat     30     10      0   75.0%
              dog      2     38      0   95.0%
              hen      0      0      0       -
        precision  93.8%  79.2%      -
        accuracy 85.00 % (68 of 80)
        """,
        matrix.text());
  }

  @Test
  void tenClassesFitIntoAHundredColumns() {
    int[][] counts = new int[10][10];
    for (int c = 0; c < 10; c++) {
      counts[c][c] = 10_000;
    }
    String text = new ConfusionMatrix(CIFAR, counts).text();
    assertTrue(text.lines().allMatch(line -> line.length() <= 100), text);
    assertTrue(text.contains("airpla automo   bird    cat   deer    dog   frog  horse   ship"));
    assertTrue(text.contains("automobile      0  10000      0"), text);
    assertTrue(text.contains("100.0%"));
  }

  @Test
  void anEmptyTestSetHasNoAccuracy() {
    ConfusionMatrix matrix = ConfusionMatrix.of(List.of("a", "b"), new int[0], new int[0]);
    assertTrue(matrix.text().endsWith("accuracy - (0 of 0)\n"), matrix.text());
  }

  @Test
  void refusesWhatDoesNotFit() {
    List<String> names = List.of("a", "b");
    int[] two = new int[2];
    int[] three = new int[3];
    assertThrows(IllegalArgumentException.class, () -> ConfusionMatrix.of(names, two, three));
    assertThrows(IllegalArgumentException.class, () -> new ConfusionMatrix(names, new int[2][3]));
  }
}
