package belay.svm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import belay.backend.FloatMatrix;
import belay.error.DataException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ScalingTest {
  @Test
  void bringsFeaturesToMeanZeroAndDeviationOne() {
    FloatMatrix samples = new FloatMatrix(4, 2, new float[] {1, 10, 3, 30, 1, 30, 3, 10});
    Scaling scaling = Scaling.fit(samples);
    assertArrayEquals(new double[] {2, 20}, scaling.mean());
    assertArrayEquals(new double[] {1, 10}, scaling.deviation());
    assertArrayEquals(new float[] {-1, -1, 1, 1, -1, 1, 1, -1}, scaling.apply(samples).values());
  }

  @Test
  void constantFeaturesBecomeZeroWhateverTheMeanRoundsTo() {
    float[] values = new float[1_003];
    Arrays.fill(values, 0.1f);
    Scaling scaling = Scaling.fit(new FloatMatrix(values.length, 1, values));
    assertEquals(1, scaling.deviation()[0]);
    assertEquals(0, scaling.apply(new FloatMatrix(1, 1, new float[] {0.1f})).at(0, 0), 1e-9);
  }

  @Test
  void picksAndOrdersRows() {
    FloatMatrix samples = new FloatMatrix(3, 1, new float[] {4, 5, 6});
    assertArrayEquals(
        new float[] {6, 4}, Scaling.none(1).apply(samples, new int[] {2, 0}).values());
  }

  @Test
  void namesTheRowAndFeatureThatIsNotFinite() {
    FloatMatrix samples = new FloatMatrix(3, 2, new float[] {1, 2, 3, 4, 5, Float.NaN});
    assertMessage("Row 2, feature 1: NaN is not a finite number", () -> Scaling.fit(samples));
    samples.values()[3] = Float.NEGATIVE_INFINITY;
    assertMessage(
        "Row 1, feature 1: -Infinity is not a finite number", () -> Scaling.none(2).apply(samples));
  }

  @Test
  void refusesRowsWhoseSquaredLengthOverflows() {
    FloatMatrix samples = new FloatMatrix(2, 1, new float[] {1, 1e19f});
    assertMessage("Row 1: its features are too large", () -> Scaling.none(1).apply(samples));
  }

  @Test
  void refusesAnotherNumberOfFeatures() {
    assertMessage(
        "The samples have 3 features, the SVM was trained on 2",
        () -> Scaling.none(2).apply(new FloatMatrix(1, 3)));
  }

  private static void assertMessage(String start, Runnable action) {
    String message = assertThrows(DataException.class, action::run).getMessage();
    assertEquals(start, message.substring(0, Math.min(start.length(), message.length())));
  }
}
