package belay.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 s",
    "0.00123, 1.2 ms",
    "0.85, 850 ms",
    "12.4, 12 s",
    "65, 1 min 5 s",
    "3600, 1 h",
    "3599.9, 1 h",
    "1895, 32 min",
    "11520, 3 h 12 min",
    "187200, 2 d 4 h"
  })
  void durationsHaveTwoUnitsAtMost(double seconds, String text) {
    assertEquals(text, Figures.seconds(seconds));
  }

  @ParameterizedTest
  @CsvSource({
    "0.0016832, 0.001683",
    "2.781e-8, 2.781e-08",
    "0, 0",
    "NaN, –",
    "0.25, 0.2500",
    "12.3456, 12.35"
  })
  void lossesHaveFourDigits(double loss, String text) {
    assertEquals(text, Figures.loss(loss));
  }

  @ParameterizedTest
  @CsvSource({"0.002, 0.002", "0, 0", "0.30000000000000004, 0.3", "1e-6, 1e-06", "5000, 5000"})
  void axesHaveNoNeedlessDigits(double value, String text) {
    assertEquals(text, Figures.tick(value));
  }

  @Test
  void whatIsNoNumberIsADash() {
    assertEquals(Figures.NONE, Figures.percent(Double.NaN));
    assertEquals(Figures.NONE, Figures.rate(Double.NaN));
    assertEquals(Figures.NONE, Figures.time(null));
    assertEquals("0 s", Figures.duration(Duration.ofSeconds(-3)));
  }
}
