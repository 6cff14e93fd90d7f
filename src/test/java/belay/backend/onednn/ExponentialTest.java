package belay.backend.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ExponentialTest {
  @Test
  void agreesWithMathExp() {
    for (double x = 0; x > -20; x -= 0.00317) {
      assertEquals(1, of(x) / Math.exp(x), 1e-9, "x = " + x);
    }
    for (double x = -20; x > -87; x -= 0.0317) {
      assertEquals(1, of(x) / Math.exp(x), 1e-6, "x = " + x);
    }
  }

  @Test
  void endsAtOneAndAtZero() {
    assertEquals(1, of(0));
    assertEquals(1, of(1e-3)); // a squared distance that rounding made negative
    assertEquals(0, (float) of(-104));
    assertEquals(0, (float) of(-1e30));
  }

  private static double of(double x) {
    double[] one = {x};
    Exponential.of(one);
    return one[0];
  }
}
