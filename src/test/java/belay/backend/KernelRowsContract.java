package belay.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import belay.backend.KernelFunction.Linear;
import belay.backend.KernelFunction.Rbf;
import belay.random.Philox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every backend's kernel matrices must fulfil; a backend's test extends it. */
public abstract class KernelRowsContract {
  /** Opens a matrix on the backend under test. */
  protected abstract KernelRows open(FloatMatrix left, FloatMatrix right, KernelFunction kernel);

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "3, 5, 7",
    "9, 600, 3",
    "40, 530, 515",
    "8, 8, 256",
    "20, 1, 1000",
    "70, 60, 8192"
  })
  void agreesWithTheFormulas(int n, int m, int d) {
    FloatMatrix x = random(n, d, 1);
    FloatMatrix z = random(m, d, 2);
    double gamma = 1.0 / d;
    float[] linear = block(open(x, z, new Linear()), 0, n, 0, m);
    float[] rbf = block(open(x, z, new Rbf(gamma)), 0, n, 0, m);
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

  @ParameterizedTest
  @ValueSource(ints = {20, 700, 8192})
  void bitsDependOnTheTwoSamplesAlone(int features) {
    FloatMatrix x = random(100, features, 3);
    try (KernelRows rows = open(x, x, new Linear())) {
      float[] all = block(rows, 0, 100, 0, 100);
      assertPart(all, rows, 3, 1, 5, 1);
      assertPart(all, rows, 3, 1, 0, 100);
      assertPart(all, rows, 0, 100, 7, 1);
      assertPart(all, rows, 11, 7, 5, 33);
      assertPart(all, rows, 11, 8, 5, 33);
      assertPart(all, rows, 16, 16, 16, 16);
      assertPart(all, rows, 0, 64, 0, 64);
      assertPart(all, rows, 1, 99, 2, 90);
    }
  }

  @Test
  void aSampleIsExactlyLikeItself() {
    FloatMatrix x = random(30, 777, 4);
    try (KernelRows rows = open(x, x, new Rbf(100))) {
      float[] all = block(rows, 0, 30, 0, 30);
      for (int i = 0; i < 30; i++) {
        assertEquals(1, all[i * 30 + i]);
      }
    }
  }

  @Test
  void leavesTheRestOfALongerArrayAlone() {
    FloatMatrix x = random(10, 3, 5);
    float[] out = new float[101];
    out[100] = 42;
    try (KernelRows rows = open(x, x, new Linear())) {
      rows.block(0, 10, 0, 10, out);
    }
    assertEquals(42, out[100]);
  }

  /** A block equals its part of the whole [100, 100], and its mirror image. */
  private static void assertPart(
      float[] all, KernelRows rows, int left, int leftCount, int right, int count) {
    float[] some = block(rows, left, leftCount, right, count);
    for (int i = 0; i < leftCount; i++) {
      for (int j = 0; j < count; j++) {
        assertEquals(all[(left + i) * 100 + right + j], some[i * count + j]);
        assertEquals(all[(right + j) * 100 + left + i], some[i * count + j]);
      }
    }
  }

  protected static float[] block(KernelRows rows, int left, int leftCount, int right, int count) {
    float[] out = new float[leftCount * count];
    rows.block(left, leftCount, right, count, out);
    return out;
  }

  protected static FloatMatrix random(int rows, int columns, int stream) {
    Philox random = new Philox(1, Philox.Purpose.SYNTHETIC_IMAGES);
    FloatMatrix matrix = new FloatMatrix(rows, columns);
    for (int at = 0; at < matrix.values().length; at++) {
      matrix.values()[at] = random.normal(stream, at);
    }
    return matrix;
  }
}
