package belay.backend.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import belay.backend.FloatMatrix;
import belay.backend.KernelFunction;
import belay.backend.KernelRows;
import belay.backend.KernelRowsContract;
import org.junit.jupiter.api.Test;

class ReferenceKernelRowsTest extends KernelRowsContract {
  @Override
  protected KernelRows open(FloatMatrix left, FloatMatrix right, KernelFunction kernel) {
    return new ReferenceKernelRows(left, right, kernel);
  }

  @Test
  void duplicatesAreExactlyAlike() {
    FloatMatrix x = random(30, 777, 4);
    System.arraycopy(x.values(), 0, x.values(), 29 * 777, 777);
    float[] all = block(open(x, x, new KernelFunction.Rbf(100)), 0, 30, 0, 30);
    assertEquals(1, all[29]);
  }

  @Test
  void refusesSamplesOfOtherFeatures() {
    FloatMatrix x = new FloatMatrix(2, 3);
    FloatMatrix z = new FloatMatrix(2, 4);
    KernelFunction linear = new KernelFunction.Linear();
    assertThrows(IllegalArgumentException.class, () -> open(x, z, linear));
  }
}
