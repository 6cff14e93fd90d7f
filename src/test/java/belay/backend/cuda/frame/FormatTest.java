package belay.backend.cuda.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;

import belay.backend.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormatTest {
  /** Otherwise dividing it out again would round. */
  @ParameterizedTest
  @ValueSource(longs = {1, 3, 3072, 393216, 12_582_912, 1L << 31})
  void theLossScaleIsAPowerOfTwo(long values) {
    float scale = Format.FP16.lossScale(values);
    assertEquals(1, Math.scalb(scale, -Math.getExponent(scale)));
  }

  /** 2 / values, scaled, must lie well above fp16's 6e-8 and far below its 65,504. */
  @ParameterizedTest
  @ValueSource(longs = {3072, 393216, 12_582_912})
  void theScaledGradientIsAboutASixteenthOfTheError(long values) {
    assertEquals(1 / 24.0, 2.0 / values * Format.FP16.lossScale(values), 1 / 40.0);
  }

  @Test
  void onlyFp16IsScaled() {
    assertEquals(1, Format.BF16.lossScale(393216));
    assertEquals(1, Format.F32.lossScale(393216));
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void everyPrecisionHasAFormat(Precision precision) {
    assertEquals(
        precision == Precision.BF16 || precision == Precision.FP16 ? 2 : 4,
        Format.of(precision).bytes());
  }
}
