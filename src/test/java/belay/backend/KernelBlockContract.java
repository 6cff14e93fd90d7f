package belay.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.backend.reference.ReferenceBackend;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Blocks of kernel matrices, which every backend computes as the reference does. */
public interface KernelBlockContract extends Candidate {
  @ParameterizedTest
  @MethodSource("kernels")
  default void kernelBlocksEqualTheReference(KernelFunction kernel) {
    RandomInputs random = new RandomInputs(8);
    FloatMatrix left = random.matrix(37, 50);
    FloatMatrix right = random.matrix(23, 50);
    try (Backend reference = new ReferenceBackend();
        Backend device = backend();
        KernelRows expected = reference.kernelRows(left, right, kernel);
        KernelRows actual = device.kernelRows(left, right, kernel)) {
      assertClose(block(expected, 0, 37, 0, 23), block(actual, 0, 37, 0, 23));
      assertClose(block(expected, 30, 5, 7, 16), block(actual, 30, 5, 7, 16));
      assertClose(block(expected, 36, 1, 0, 1), block(actual, 36, 1, 0, 1));
    }
  }

  @Test
  default void aSampleIsExactlyLikeItself() {
    FloatMatrix samples = new RandomInputs(9).matrix(19, 64);
    try (Backend device = backend();
        KernelRows rows = device.kernelRows(samples, samples, new KernelFunction.Rbf(0.7))) {
      float[] matrix = block(rows, 0, 19, 0, 19);
      for (int i = 0; i < 19; i++) {
        assertEquals(1f, matrix[i * 19 + i]);
      }
    }
  }

  static List<KernelFunction> kernels() {
    return List.of(new KernelFunction.Linear(), new KernelFunction.Rbf(0.02));
  }

  private static float[] block(KernelRows rows, int left, int height, int right, int width) {
    float[] block = new float[height * width];
    rows.block(left, height, right, width, block);
    return block;
  }

  private void assertClose(float[] expected, float[] actual) {
    double error = Likeness.distance(expected, actual);
    assertTrue(error <= tolerance(), () -> "relative error " + error + " > " + tolerance());
  }
}
