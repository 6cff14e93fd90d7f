package belay.svm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import belay.error.ConfigurationException;
import belay.svm.host.ClassOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Labels 0, 2 and 3 with 1, 3 and 2 samples. */
class ClassWeightsTest {
  private final ClassOrder order = ClassOrder.of(new int[] {2, 0, 2, 3, 2, 3});

  @Test
  void balancedClassesWeighAlikeInAll() {
    assertArrayEquals(new double[] {2, 6 / 9.0, 1}, new ClassWeights.Balanced().of(order));
  }

  @Test
  void weightsBelongToLabelsWithGapsToo() {
    assertArrayEquals(
        new double[] {5, 7, 8}, new ClassWeights.ByLabel(List.of(5.0, 6.0, 7.0, 8.0)).of(order));
  }

  @Test
  void aLabelWithoutAWeightIsNamed() {
    ClassWeights three = new ClassWeights.ByLabel(List.of(1.0, 1.0, 1.0));
    String message = assertThrows(ConfigurationException.class, () -> three.of(order)).getMessage();
    assertEquals(
        "svm.class-weights has 3 numbers, and a sample has label 3: give a number for each label from 0 on",
        message);
  }
}
