package belay.svm.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.FloatMatrix;
import belay.backend.SampleFlaw;
import belay.backend.Standardization;
import belay.error.StoppedException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ScalingTest {
  @Test
  void bringsFeaturesToMeanZeroAndDeviationOne() {
    FloatMatrix samples = new FloatMatrix(4, 2, new float[] {1, 10, 3, 30, 1, 30, 3, 10});
    Standardization scaling = Samples.scaler(samples).fit();
    assertArrayEquals(new double[] {2, 20}, scaling.mean());
    assertArrayEquals(new double[] {1, 10}, scaling.deviation());
    Samples.scaler(samples).apply(scaling);
    assertArrayEquals(new float[] {-1, -1, 1, 1, -1, 1, 1, -1}, samples.values());
    assertEquals(1, Samples.scaler(samples).variance());
  }

  @Test
  void constantFeaturesBecomeZeroWhateverTheMeanRoundsTo() {
    float[] values = new float[1_003];
    Arrays.fill(values, 0.1f);
    FloatMatrix samples = new FloatMatrix(values.length, 1, values);
    Standardization scaling = Samples.scaler(samples).fit();
    assertEquals(1, scaling.deviation()[0]);
    Samples.scaler(samples).apply(scaling);
    assertEquals(0, samples.at(500, 0), 1e-9);
  }

  @Test
  void everyPassHearsTheStopSignal() {
    FloatMatrix samples = Samples.blobs(1, 7, 300).features();
    Scaling stopped = new Scaling(samples, 300, new Workers(2, "test"), new StopCheck(() -> true));
    Standardization none = Scaling.none(7);
    for (Consumer<Scaling> pass :
        List.<Consumer<Scaling>>of(
            Scaling::fit, Scaling::variance, Scaling::flaw, scaling -> scaling.apply(none))) {
      assertThrows(StoppedException.class, () -> pass.accept(stopped));
    }
  }

  @Test
  void threadsDoNotChangeABit() {
    FloatMatrix one = Samples.blobs(1, 700, 300).features();
    FloatMatrix many = new FloatMatrix(300, 700, one.values().clone());
    Scaling slow = new Scaling(one, 300, new Workers(1, "test"), new StopCheck(() -> false));
    Scaling fast = new Scaling(many, 300, new Workers(5, "test"), new StopCheck(() -> false));
    Standardization scaling = slow.fit();
    assertArrayEquals(scaling.mean(), fast.fit().mean());
    assertArrayEquals(scaling.deviation(), fast.fit().deviation());
    assertEquals(slow.variance(), fast.variance());
    slow.apply(scaling);
    fast.apply(scaling);
    assertArrayEquals(one.values(), many.values());
  }

  @Test
  void findsTheFirstValueThatIsNotFinite() {
    FloatMatrix samples = new FloatMatrix(3, 2, new float[] {1, 2, 3, 4, 5, Float.NaN});
    assertEquals(2, flaw(samples).orElseThrow().place());
    assertEquals(1, flaw(samples).orElseThrow().column());
    samples.values()[3] = Float.NEGATIVE_INFINITY;
    samples.values()[0] = 1e30f; // too long, which counts less
    assertEquals(new SampleFlaw(1, 1, Float.NEGATIVE_INFINITY), flaw(samples).orElseThrow());
  }

  @Test
  void findsRowsWhoseSquaredLengthOverflows() {
    SampleFlaw flaw = flaw(new FloatMatrix(2, 1, new float[] {1, 1e19f})).orElseThrow();
    assertEquals(1, flaw.place());
    assertEquals(-1, flaw.column());
    assertTrue(flaw(new FloatMatrix(2, 1, new float[] {1, 1e18f})).isEmpty());
  }

  private static Optional<SampleFlaw> flaw(FloatMatrix samples) {
    return Samples.scaler(samples).flaw();
  }
}
