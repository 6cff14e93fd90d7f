package belay.backend.cuda.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;

import belay.backend.cuda.frame.Layout.Launch;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class LayoutTest {
  @Test
  void oneLaunchHoldsAllImages() {
    assertEquals(List.of(new Launch(0, 13)), Layout.of(8).launches(13));
  }

  @Test
  void shardsAreLaunchedInTheirOrderAndTheLastMayBeShort() {
    Layout layout = new Layout(4, OptionalInt.empty(), List.of(3, 1, 0, 2));
    assertEquals(
        List.of(new Launch(9, 10), new Launch(3, 6), new Launch(0, 3), new Launch(6, 9)),
        layout.launches(10));
  }

  @Test
  void aShardWithoutImagesIsNotLaunched() {
    Layout layout = new Layout(4, OptionalInt.empty(), List.of(0, 1, 2, 3));
    assertEquals(List.of(new Launch(0, 2), new Launch(2, 4), new Launch(4, 5)), layout.launches(5));
  }
}
