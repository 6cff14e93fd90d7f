package belay.backend.cuda.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import belay.net.Shape;
import org.junit.jupiter.api.Test;

class GeometryTest {
  private static final Shape SMALL = new Shape(8, 8, 128);
  private static final Shape LARGE = new Shape(16, 16, 128);

  @Test
  void phasesNeedFourNinthsOfTheOperations() {
    long plain = Geometry.same(LARGE, 256, 3).operations(7);
    assertEquals(plain * 4 / 9, Geometry.phases(SMALL, 256).operations(7));
    assertEquals(plain * 4 / 9, Geometry.strided(SMALL, 256, 128).operations(7));
  }

  @Test
  void theTransposedGeometryHasAsManyWeights() {
    assertEquals(
        Geometry.phases(SMALL, 256).weights(), Geometry.strided(SMALL, 256, 128).weights());
  }

  @Test
  void aConvolutionKeepsHeightAndWidth() {
    Geometry geometry = Geometry.same(LARGE, 3, 5);
    assertEquals(new Shape(16, 16, 3), geometry.grid());
    assertEquals(-2, geometry.offset());
    assertEquals(25 * 128, geometry.depth());
    assertEquals(2 * 256, geometry.pixels(2));
  }
}
