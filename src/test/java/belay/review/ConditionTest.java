package belay.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import belay.error.ConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionTest {
  @ParameterizedTest
  @CsvSource({
    "a=128, 128, true",
    "a=1e-3, 0.001, true",
    "a = 128 , 128.0, true",
    "a<0.002, 0.0017, true",
    "a<0.002, 0.002, false",
    "a<=0.002, 0.002, true",
    "a>=68%, 0.7, true",
    "a>=68%, 0.6, false",
    "a!=adam, sgd, true",
    "a=adam, adam, true",
    "a~wor, hello world, true",
    "a>9, 10, true",
    "a>=2026-03, 2026-03-01T00:00:00Z, true"
  })
  void comparesNumbersAsNumbersAndTextAsText(String text, String value, boolean holds) {
    assertEquals(holds, Condition.parse(text).holds(value));
  }

  @Test
  void aMissingValueIsOnlyUnequal() {
    assertEquals(false, Condition.parse("a<1").holds(null));
    assertEquals(false, Condition.parse("a=1").holds(null));
    assertEquals(true, Condition.parse("a!=1").holds(null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "train.batch", "=3", "A=3"})
  void saysWhatAConditionLooksLike(String text) {
    assertThrows(ConfigurationException.class, () -> Condition.parse(text));
  }
}
