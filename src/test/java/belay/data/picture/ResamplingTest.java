package belay.data.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.data.ImageShape;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ResamplingTest {
  private static int[] fit(Pixels picture, int height, int width) {
    byte[] out = new byte[picture.channels() * height * width];
    Resampling.fit(picture, new ImageShape(height, width, picture.channels()), out, 0);
    int[] values = new int[out.length];
    Arrays.setAll(values, i -> out[i] & 0xFF);
    return values;
  }

  private static Pixels row(int... values) {
    byte[] samples = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      samples[i] = (byte) values[i];
    }
    return new Pixels(1, values.length, 1, samples);
  }

  /** The same row five times, so that a shape of one row is smaller in both directions. */
  private static Pixels five(Pixels row) {
    byte[] samples = new byte[5 * row.width()];
    for (int y = 0; y < 5; y++) {
      System.arraycopy(row.samples(), 0, samples, y * row.width(), row.width());
    }
    return new Pixels(5, row.width(), 1, samples);
  }

  @Test
  void thePlainArithmeticKeepsAPictureOfTheSameSize() {
    Taps taps = Taps.of(5, 5, 0, 1);
    for (int i = 0; i < 5; i++) {
      double own = taps.weights()[i][i - taps.first()[i]];
      assertEquals(1, own);
    }
  }

  @Test
  void weightsAddUpToOne() {
    for (int to = 1; to < 40; to++) {
      for (double[] weights : Taps.of(37, to, 0, 37.0 / to).weights()) {
        assertEquals(1, Arrays.stream(weights).sum(), 1e-12);
      }
    }
  }

  @Test
  void oneColourStaysOneColour() {
    byte[] samples = new byte[3 * 23 * 41];
    Arrays.fill(samples, (byte) 173);
    for (int value : fit(new Pixels(23, 41, 3, samples), 8, 8)) {
      assertEquals(173, value);
    }
  }

  @Test
  void halvingWeighsEveryPixel() {
    Pixels square =
        new Pixels(
            2, 4, 1, new byte[] {0, 80, (byte) 160, (byte) 240, 0, 80, (byte) 160, (byte) 240});
    int[] values = fit(square, 1, 2);
    // (3 * 0 + 3 * 80 + 1 * 160) / 7, for the triangle is cut off at the edge
    assertArrayEquals(new int[] {57, 183}, values);
  }

  @Test
  void doublingInterpolates() {
    assertArrayEquals(new int[] {0, 25, 75, 100, 0, 25, 75, 100}, fit(row(0, 100), 2, 4));
  }

  /** A pattern of single pixels becomes grey, not another pattern. */
  @Test
  void shrinkingMakesNoPatternsThatWereNotThere() {
    byte[] samples = new byte[64 * 64];
    for (int p = 0; p < samples.length; p++) {
      samples[p] = (byte) ((p % 64 + p / 64) % 2 * 255);
    }
    for (int value : fit(new Pixels(64, 64, 1, samples), 9, 9)) {
      assertTrue(Math.abs(value - 127) < 8, () -> value + " is not grey");
    }
  }

  @Test
  void aMirroredPictureBecomesAMirroredOne() {
    Random random = new Random(3);
    int[] values = random.ints(31, 0, 256).toArray();
    int[] mirrored = new int[31];
    Arrays.setAll(mirrored, i -> values[30 - i]);
    int[] straight = fit(five(row(values)), 1, 7);
    int[] back = fit(five(row(mirrored)), 1, 7);
    for (int i = 0; i < 7; i++) {
      assertEquals(straight[i], back[6 - i]);
    }
  }
}
