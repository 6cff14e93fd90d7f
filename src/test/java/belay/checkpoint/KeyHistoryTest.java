package belay.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyHistoryTest {
  private static final CheckpointName EPOCH_8 = CheckpointName.ofEpoch(8);
  private static final CheckpointName WITHIN_9 = new CheckpointName(8, OptionalLong.of(3400));

  @Test
  void tellsWhichValuesThereWereAndWhen() {
    KeyHistory history =
        KeyHistory.NONE
            .with("train.batch", "32", "64", EPOCH_8)
            .with("train.batch", "64", "128", WITHIN_9)
            .with("arithmetic", "a, b", "c", EPOCH_8);
    assertEquals(
        Map.of(
            "train.batch", "32, then 64 after epoch 8, then 128 after step 3400 in epoch 9",
            "arithmetic", "a, b, then c after epoch 8"),
        history.texts());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "32",
        "32, then 64 after epoch 8",
        "1e-3, then 2e-3 after step 3400 in epoch 9, then 1e-3 after epoch 100",
        "one, two, then and then after epoch 3",
        ""
      })
  void readsWhatItWrites(String text) {
    KeyHistory history = KeyHistory.of(Map.of("changed.k", text, "host", "a"));
    assertEquals(Map.of("k", text), history.texts());
    assertEquals(history, KeyHistory.of(history.facts()));
    assertEquals(history, KeyHistory.ofComments(history.comments() + "k = 1\n"));
  }

  @Test
  void knowsThePlaceOfEachChange() {
    KeyHistory.Values values =
        KeyHistory.of(
                Map.of("changed.k", "1, then 2 after epoch 8, then 3 after step 3400 in epoch 9"))
            .values()
            .get("k");
    assertEquals("1", values.first());
    assertEquals(new KeyHistory.Change("2", EPOCH_8), values.changes().get(0));
    assertEquals(new KeyHistory.Change("3", WITHIN_9), values.changes().get(1));
  }
}
