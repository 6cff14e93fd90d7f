package belay.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaseTest {
  private static final String WHOLE =
      new Lease("token", LeaseOwner.self(), "train", Instant.now(), 5, 3, Instant.now()).text();

  @Test
  void aWholeLeaseIsOne() {
    assertTrue(Lease.parse(WHOLE).isPresent());
  }

  /** Whoever may write into a run directory may write this. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "true",
        "-1",
        "0.5",
        "1e999",
        "99999999999999999999",
        "\"\"",
        "\"\\u0000\\n\\u001b[2J\"",
        "[]",
        "[[[]]]",
        "{}",
        "{\"host\":null}"
      })
  void anyValueOfAnyFieldIsALeaseOrNoneAndShownOnALine(String value) {
    JsonElement junk = JsonParser.parseString(value);
    for (JsonObject changed : withEachFieldChanged(junk)) {
      Optional<Lease> lease = Lease.parse(changed.toString());
      lease.ifPresent(
          kept -> {
            assertFalse(kept.toString().matches("(?s).*\\p{Cntrl}.*"), kept.toString());
            assertTrue(kept.next().text().contains("token") || kept.token().isEmpty());
          });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"token", "owner", "work", "since"})
  void aLeaseWithoutWhatMattersIsNone(String field) {
    JsonObject lease = JsonParser.parseString(WHOLE).getAsJsonObject();
    lease.add(field, null);
    assertEquals(Optional.empty(), Lease.parse(lease.toString()));
    lease.remove(field);
    assertEquals(Optional.empty(), Lease.parse(lease.toString()));
  }

  @Test
  void longWordsAreCutShort() {
    Lease lease = new Lease("t", LeaseOwner.self(), "x".repeat(100_000), Instant.now(), 5, 3, null);
    assertTrue(lease.toString().length() < 400);
  }

  private static List<JsonObject> withEachFieldChanged(JsonElement value) {
    List<JsonObject> changed = new ArrayList<>();
    JsonObject whole = JsonParser.parseString(WHOLE).getAsJsonObject();
    for (String field : whole.keySet()) {
      JsonObject lease = whole.deepCopy();
      lease.add(field, value);
      changed.add(lease);
    }
    for (String field : whole.getAsJsonObject("owner").keySet()) {
      JsonObject lease = whole.deepCopy();
      lease.getAsJsonObject("owner").add(field, value);
      changed.add(lease);
    }
    return changed;
  }
}
