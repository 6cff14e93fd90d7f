package belay.backend.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import belay.net.Shape;
import belay.net.Window;
import org.junit.jupiter.api.Test;

/** What neither finite differences nor random images show. */
class MaxPoolingTest {
  private final MaxPooling pooling =
      new MaxPooling(new WindowPixels(new Shape(3, 3, 1), new Shape(2, 2, 1), new Window(3, 2, 1)));

  @Test
  void theFirstOfEqualMaximaTakesTheGradient() {
    float[] dx = new float[9];
    pooling.backward(1, new float[] {5, 5, 5, 5, 5, 5, 5, 5, 5}, new float[] {1, 2, 3, 4}, dx);
    assertArrayEquals(new float[] {1, 2, 0, 3, 4, 0, 0, 0, 0}, dx);
  }

  @Test
  void aNanIsTheMaximum() {
    float[] y = new float[4];
    pooling.forward(1, new float[] {1, 2, 3, 4, 5, Float.NaN, 7, 8, 9}, y);
    assertArrayEquals(new float[] {5, Float.NaN, 8, Float.NaN}, y);
  }

  @Test
  void whatLiesOutsideTakesNoPart() {
    float[] y = new float[4];
    pooling.forward(1, new float[] {-1, -2, -3, -4, -5, -6, -7, -8, -9}, y);
    assertArrayEquals(new float[] {-1, -2, -4, -5}, y);
  }
}
