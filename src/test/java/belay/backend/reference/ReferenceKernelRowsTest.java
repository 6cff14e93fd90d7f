package belay.backend.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import belay.backend.FloatMatrix;
import belay.backend.KernelFunction;
import belay.backend.KernelFunction.Linear;
import belay.backend.KernelFunction.Rbf;
import belay.backend.KernelRows;
import belay.random.Philox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferenceKernelRowsTest {
  @ParameterizedTest
  @CsvSource({"1, 1, 1", "3, 5, 7", "9, 600, 3", "40, 530, 515", "8, 8, 256", "20, 1, 1000"})
  void agreesWithTheFormulas(int n, int m, int d) {
    FloatMatrix x = random(n, d, 1);
    FloatMatrix z = random(m, d, 2);
    double gamma = 1.0 / d;
    float[] linear = block(new ReferenceKernelRows(x, z, new Linear()), 0, n, 0, m);
    float[] rbf = block(new ReferenceKernelRows(x, z, new Rbf(gamma)), 0, n, 0, m);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < m; j++) {
        double dot = 0;
        double distance = 0;
        for (int k = 0; k < d; k++) {
          dot += (double) x.at(i, k) * z.at(j, k);
          distance += Math.pow((double) x.at(i, k) - z.at(j, k), 2);
        }
        // fp32 sums of d products of about 1
        assertEquals(dot, linear[i * m + j], 1e-6 * d);
        assertEquals(Math.exp(-gamma * distance), rbf[i * m + j], 1e-5);
      }
    }
  }

  @Test
  void bitsDependOnTheTwoSamplesAlone() {
    FloatMatrix x = random(40, 700, 3);
    KernelRows rows = new ReferenceKernelRows(x, x, new Rbf(1e-3));
    float[] all = block(rows, 0, 40, 0, 40);
    for (int count : new int[] {1, 2, 7, 8, 20}) {
      float[] some = block(rows, 11, count, 5, 30);
      for (int i = 0; i < count; i++) {
        for (int j = 0; j < 30; j++) {
          assertEquals(all[(11 + i) * 40 + 5 + j], some[i * 30 + j]);
          assertEquals(all[(5 + j) * 40 + 11 + i], some[i * 30 + j]);
        }
      }
    }
  }

  @Test
  void aSampleIsExactlyLikeItselfAndItsDuplicates() {
    FloatMatrix x = random(30, 777, 4);
    System.arraycopy(x.values(), 0, x.values(), 29 * 777, 777);
    float[] all = block(new ReferenceKernelRows(x, x, new Rbf(100)), 0, 30, 0, 30);
    for (int i = 0; i < 30; i++) {
      assertEquals(1, all[i * 30 + i]);
    }
    assertEquals(1, all[29]);
  }

  @Test
  void leavesTheRestOfALongerArrayAlone() {
    FloatMatrix x = random(10, 3, 5);
    float[] out = new float[101];
    out[100] = 42;
    new ReferenceKernelRows(x, x, new Linear()).block(0, 10, 0, 10, out);
    assertEquals(42, out[100]);
  }

  @Test
  void refusesSamplesOfOtherFeatures() {
    FloatMatrix x = new FloatMatrix(2, 3);
    FloatMatrix z = new FloatMatrix(2, 4);
    KernelFunction linear = new Linear();
    assertThrows(IllegalArgumentException.class, () -> new ReferenceKernelRows(x, z, linear));
  }

  private static float[] block(KernelRows rows, int left, int leftCount, int right, int count) {
    float[] out = new float[leftCount * count];
    rows.block(left, leftCount, right, count, out);
    return out;
  }

  private static FloatMatrix random(int rows, int columns, int stream) {
    Philox random = new Philox(1, Philox.Purpose.SYNTHETIC_IMAGES);
    FloatMatrix matrix = new FloatMatrix(rows, columns);
    for (int at = 0; at < matrix.values().length; at++) {
      matrix.values()[at] = random.normal(stream, at);
    }
    return matrix;
  }
}
