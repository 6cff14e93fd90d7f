package belay.svm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import belay.backend.FloatMatrix;
import belay.error.DataException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ScalingTest {
  private static final Cancellation GO_ON = new Cancellation(() -> false);

  @Test
  void bringsFeaturesToMeanZeroAndDeviationOne() {
    FloatMatrix samples = new FloatMatrix(4, 2, new float[] {1, 10, 3, 30, 1, 30, 3, 10});
    Scaling scaling = Scaling.fit(samples, GO_ON);
    assertArrayEquals(new double[] {2, 20}, scaling.mean());
    assertArrayEquals(new double[] {1, 10}, scaling.deviation());
    assertArrayEquals(new float[] {-1, -1, 1, 1, -1, 1, 1, -1}, all(scaling, samples).values());
  }

  @Test
  void constantFeaturesBecomeZeroWhateverTheMeanRoundsTo() {
    float[] values = new float[1_003];
    Arrays.fill(values, 0.1f);
    Scaling scaling = Scaling.fit(new FloatMatrix(values.length, 1, values), GO_ON);
    assertEquals(1, scaling.deviation()[0]);
    assertEquals(0, all(scaling, new FloatMatrix(1, 1, new float[] {0.1f})).at(0, 0), 1e-9);
  }

  @Test
  void scalesInPlaceAsInACopy() {
    FloatMatrix samples = Samples.blobs(1, 7, 30).features();
    Scaling scaling = Scaling.fit(samples, GO_ON);
    float[] some = scaling.apply(samples, new Range(3, 20), GO_ON).values();
    scaling.applyInPlace(samples, GO_ON);
    assertArrayEquals(Arrays.copyOfRange(samples.values(), 3 * 7, 23 * 7), some);
  }

  @Test
  void everyPassLooksAtTheStopSignalAtEveryRow() {
    FloatMatrix samples = Samples.blobs(1, 7, 30).features();
    AtomicInteger looks = new AtomicInteger();
    Cancellation counting = new Cancellation(() -> looks.incrementAndGet() < 0);
    Scaling scaling = Scaling.fit(samples, counting);
    assertEquals(30 * 3 + 29, looks.getAndSet(0));
    scaling.apply(samples, new Range(0, 30), counting);
    assertEquals(30, looks.getAndSet(0));
    scaling.applyInPlace(samples, counting);
    assertEquals(30, looks.get());
  }

  @Test
  void namesTheRowAndFeatureThatIsNotFinite() {
    FloatMatrix samples = new FloatMatrix(3, 2, new float[] {1, 2, 3, 4, 5, Float.NaN});
    assertMessage(
        "Row 2, feature 1: NaN is not a finite number", () -> Scaling.fit(samples, GO_ON));
    samples.values()[3] = Float.NEGATIVE_INFINITY;
    assertMessage(
        "Row 1, feature 1: -Infinity is not a finite number", () -> all(Scaling.none(2), samples));
  }

  @Test
  void refusesRowsWhoseSquaredLengthOverflows() {
    FloatMatrix samples = new FloatMatrix(2, 1, new float[] {1, 1e19f});
    assertMessage("Row 1: its features are too large", () -> all(Scaling.none(1), samples));
  }

  @Test
  void refusesAnotherNumberOfFeatures() {
    assertMessage(
        "The samples have 3 features, the SVM was trained on 2",
        () -> all(Scaling.none(2), new FloatMatrix(1, 3)));
  }

  private static FloatMatrix all(Scaling scaling, FloatMatrix samples) {
    return scaling.apply(samples, new Range(0, samples.rows()), GO_ON);
  }

  private static void assertMessage(String start, Runnable action) {
    String message = assertThrows(DataException.class, action::run).getMessage();
    assertEquals(start, message.substring(0, Math.min(start.length(), message.length())));
  }
}
