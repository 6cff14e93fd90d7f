package belay.backend.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import belay.backend.DoubleCurves;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorFunctionTest {
  private static final double ROUNDING = 4e-16;

  /** Abramowitz, Stegun 1964, table 7.1, with the digits that a double holds. */
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0.5, 0.5204998778130465",
    "1, 0.8427007929497149",
    "2, 0.9953222650189527",
    "3, 0.9999779095030014",
    "-1, -0.8427007929497149",
    "100, 1",
    "-Infinity, -1",
    "NaN, NaN"
  })
  void equalsTheTable(double x, double y) {
    assertEquals(y, ErrorFunction.erf(x), ROUNDING);
  }

  /** The series' own rounding is the larger part; it grows with the number of terms. */
  @Test
  void equalsItsSeriesEverywhere() {
    for (double x = -6; x <= 6; x += 1.0 / 64) {
      assertEquals(DoubleCurves.erf(x), ErrorFunction.erf(x), 1e-14, "erf(" + x + ")");
    }
  }
}
