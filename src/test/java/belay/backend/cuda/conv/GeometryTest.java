package belay.backend.cuda.conv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import belay.net.Shape;
import belay.net.Window;
import java.util.Optional;
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

  @Test
  void aWindowReadsFromItsPaddingOn() {
    Shape out = new Shape(8, 8, 3);
    Geometry geometry = Geometry.window(LARGE, out, new Window(7, 2, 3));
    assertEquals(out, geometry.grid());
    assertEquals(new Geometry(LARGE, out, 7, 2, -3, 1, 0), geometry);
    assertEquals(Geometry.same(LARGE, 3, 5), Geometry.window(LARGE, large(3), new Window(5, 1, 2)));
  }

  private static Shape large(int channels) {
    return new Shape(LARGE.height(), LARGE.width(), channels);
  }

  @Test
  void theGradientOfAWindowThatKeepsTheSizeIsSuchAWindow() {
    assertEquals(
        Optional.of(Geometry.same(large(3), 128, 5)),
        Geometry.inputGradient(LARGE, large(3), new Window(5, 1, 2)));
  }

  /** Even rows meet one tap of three, odd rows two, which begin a row later. */
  @Test
  void theGradientOfAStrideOfTwoHasFourPhases() {
    Shape out = new Shape(8, 8, 32);
    assertEquals(
        Optional.of(new Geometry(out, SMALL, 2, 1, -1, 4, 1)),
        Geometry.inputGradient(LARGE, out, new Window(3, 2, 1)));
    assertEquals(
        Optional.of(new Geometry(out, SMALL, 1, 1, 0, 4, 0)),
        Geometry.inputGradient(LARGE, out, new Window(1, 2, 0)));
  }

  @Test
  void noProductMakesTheGradientOfOddSizesAndLargeStrides() {
    Shape odd = new Shape(15, 16, 128);
    Shape out = new Shape(8, 8, 32);
    assertEquals(Optional.empty(), Geometry.inputGradient(odd, out, new Window(3, 2, 1)));
    assertEquals(
        Optional.empty(), Geometry.inputGradient(LARGE, new Shape(6, 6, 32), new Window(3, 3, 1)));
  }
}
