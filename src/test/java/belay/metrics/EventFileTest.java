package belay.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import belay.storage.Fence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {
  /** What TensorBoard's own RecordWriter makes of the same two events. */
  private static final String TENSORBOARDS =
      "1800000000000000a37f4b22"
          + "09000000689155da411a0d627261696e2e4576656e743a32"
          + "97fcdeda"
          + "33000000000000000ca72056"
          + "09000000689155da4110ac02"
          + "2a250a100a096c6f73732f74657374150000803e"
          + "0a110a0a6c6f73732f747261696e150000003f"
          + "b551c054";

  private static final Instant TIME = Instant.parse("2026-01-01T10:00:00Z");

  @TempDir Path directory;

  @Test
  void writesTheBytesThatTensorBoardWrites() throws IOException {
    Path file = directory.resolve("tensorboard/events");
    Map<String, Double> scalars =
        Map.of("loss/train", 0.5, "loss/test", 0.25, "seconds", Double.NaN);
    EventFile.Point point = new EventFile.Point(TIME, 300, scalars);
    EventFile.write(file, List.of(point), Fence.NONE);
    assertEquals(TENSORBOARDS, HexFormat.of().formatHex(Files.readAllBytes(file)));
  }

  @Test
  void writingAgainLeavesNoPointTwice() throws IOException {
    Path file = directory.resolve("events");
    EventFile.Point point = new EventFile.Point(TIME, 300, Map.of("loss/test", 0.25));
    EventFile.write(file, List.of(point), Fence.NONE);
    byte[] once = Files.readAllBytes(file);
    EventFile.write(file, List.of(point, point), Fence.NONE);
    EventFile.write(file, List.of(point), Fence.NONE);
    assertEquals(
        HexFormat.of().formatHex(once), HexFormat.of().formatHex(Files.readAllBytes(file)));
  }
}
