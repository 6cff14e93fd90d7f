package belay.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class GpuMetersTest {
  @Test
  void readsALineInBaseUnits() {
    assertArrayEquals(
        new double[] {1024 * 1048576.0, 81559 * 1048576.0, 41, 0.97, 310.55},
        GpuMeters.parse("1024, 81559, 41, 97, 310.55"),
        1e-9);
  }

  @Test
  void whatTheGpuCannotTellIsNoNumber() {
    assertArrayEquals(
        new double[] {1048576, 2097152, Double.NaN, Double.NaN, Double.NaN},
        GpuMeters.parse("1, 2, [N/A], [Not Supported], N/A"));
    assertArrayEquals(new double[] {Double.NaN}, GpuMeters.parse("No devices were found"));
  }
}
