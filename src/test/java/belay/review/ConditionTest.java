package belay.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.error.ConfigurationException;
import java.nio.file.Path;
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
  @CsvSource({
    "accuracy>high, a number",
    "train.batch=zero, 1..4096",
    "train.schedule=cosin, constant",
    "state=finished, not begun",
    "svm.c=1;2, several",
    "epoch>3%x, a number"
  })
  void aValueThatTheColumnNeverHasIsRefused(String text, String expected) {
    Condition condition = Condition.parse(text);
    RunColumn column = RunColumn.named(condition.column(), Path.of("."));
    String message =
        assertThrows(ConfigurationException.class, () -> condition.check(column)).getMessage();
    assertTrue(message.contains(expected), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "accuracy>=68%",
        "train.batch=64",
        "train.batch<99999",
        "svm.c=1,10",
        "svm.gamma=scale",
        "svm.gamma<0.1",
        "run~x>y",
        "train.schedule!=cosine",
        "state=killed",
        "updated>2026",
        "other.key=anything"
      })
  void aValueThatItMayHaveIsNot(String text) {
    Condition condition = Condition.parse(text);
    condition.check(RunColumn.named(condition.column(), Path.of(".")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "train.batch", "=3", "A=3", "a>>3", "a=<3", "a==3", "a!>3", "a<"})
  void saysWhatAConditionLooksLike(String text) {
    assertThrows(ConfigurationException.class, () -> Condition.parse(text));
  }
}
