package belay.backend.onednn.dnnl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who frees native memory, and when. */
class ScopeTest {
  private final List<String> freed = new ArrayList<>();

  @Test
  void aBuildingThatFailsFreesWhatItHadTakenInReverseOrder() {
    Error failure = new OutOfMemoryError("thrown by the test");
    assertThrows(OutOfMemoryError.class, () -> Scope.owned(scope -> fails(scope, failure)));
    assertEquals(List.of("second", "first"), freed);
  }

  private Object fails(Scope scope, Error failure) {
    scope.onClose(() -> freed.add("first"));
    scope.onClose(() -> freed.add("second"));
    throw failure;
  }

  @Test
  void aBuildingThatSucceedsKeepsWhatItHasTakenUntilTheEnd() {
    Scope kept =
        Scope.owned(
            scope -> {
              scope.onClose(() -> freed.add("first"));
              return scope;
            });
    assertEquals(List.of(), freed);
    kept.close();
    kept.close();
    assertEquals(List.of("first"), freed);
  }
}
