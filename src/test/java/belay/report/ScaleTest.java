package belay.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScaleTest {
  @ParameterizedTest
  @CsvSource({"1e-9,1e-8", "0.0016,0.05", "0.0068,0.0069", "3,3", "1e-7,10", "2,90000"})
  void everyLogarithmicScaleHasAFewTicksWithin(double low, double high) {
    Scale scale = Scale.logarithmic(DoubleStream.of(low, high));
    List<Double> ticks = scale.ticks();
    assertTrue(ticks.size() >= 2 && ticks.size() <= 7, ticks.toString());
    for (double tick : ticks) {
      assertTrue(scale.place(tick) >= -1e-9 && scale.place(tick) <= 1 + 1e-9, ticks.toString());
    }
  }

  @Test
  void aScaleFromZeroEndsAtARoundNumberAboveAll() {
    Scale scale = Scale.fromZero(DoubleStream.of(10, 4813, Double.NaN));
    assertEquals(List.of(0.0, 2000.0, 4000.0, 6000.0), scale.ticks());
    assertEquals(6000, scale.high());
  }

  @Test
  void withoutValuesThereIsStillAScale() {
    assertEquals(1, Scale.fromZero(DoubleStream.of(Double.NaN)).high());
    assertTrue(Scale.logarithmic(DoubleStream.empty()).ticks().size() >= 2);
  }

  @Test
  void whatHasNoPlaceIsNotDrawn() {
    Line line =
        new Line(
            0,
            "",
            "",
            new double[] {1, 2, 3, 4, 5},
            new double[] {0.5, Double.NaN, 0, 1, Double.NaN},
            1);
    assertEquals(
        "M0 500h0M500 1000L750 0", line.path(Scale.of(1, 5), Scale.of(0, 1)), "dots and gaps");
  }

  /** Of a curve that somebody made up. */
  @Test
  void hugeAndTinyValuesHaveNoTicksOfTheirOwn() {
    for (double value : new double[] {1e308, Double.MAX_VALUE, Double.MIN_VALUE}) {
      for (Scale scale :
          List.of(
              Scale.fromZero(DoubleStream.of(0.5, value)),
              Scale.logarithmic(DoubleStream.of(0.5, value)))) {
        assertTrue(scale.ticks().size() < 20, scale::toString);
        assertTrue(Double.isFinite(scale.high()) && scale.high() < 2, scale::toString);
      }
    }
  }
}
