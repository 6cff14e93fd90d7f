package belay.data.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import belay.data.ImageFormat;
import belay.data.augment.RandomOperation.Kind;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RandomOperationTest {
  private static final int SIDE = 21;
  private static final int PLANE = SIDE * SIDE;
  private static final ImageFormat FORMAT = new ImageFormat(SIDE, SIDE, 3, 2);

  private static byte[] image() {
    byte[] image = new byte[3 * PLANE];
    new Random(8).nextBytes(image);
    return image;
  }

  private static byte[] done(Kind kind, boolean isNegative, int magnitude) {
    byte[] image = image();
    Recipe recipe = Recipe.of(Augmentations.operations(1, magnitude));
    new RandomOperation(kind, isNegative).apply(image, FORMAT, recipe);
    return image;
  }

  private static int value(byte[] image, int c, int y, int x) {
    boolean isInside = y >= 0 && y < SIDE && x >= 0 && x < SIDE;
    return isInside ? image[c * PLANE + y * SIDE + x] & 0xFF : Augmentation.GREY;
  }

  /** Those of the histogram have no strength. */
  @ParameterizedTest
  @EnumSource
  void atMagnitude0NothingChanges(Kind kind) {
    if (!EnumSet.of(Kind.AUTO_CONTRAST, Kind.EQUALIZE).contains(kind)) {
      assertArrayEquals(image(), done(kind, false, 0));
      assertArrayEquals(image(), done(kind, true, 0));
    }
  }

  @Test
  void allOperationsAndDirectionsAreAsLikely() {
    Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    int negative = 0;
    for (int row = 0; row < 1400; row++) {
      for (int turn = 0; turn < 2; turn++) {
        Draws draws = new Draws(AugmentedImages.random(1), 1, row);
        RandomOperation operation = RandomOperation.drawn(draws, turn);
        counts.merge(operation.kind(), 1, Integer::sum);
        negative += operation.isNegative() ? 1 : 0;
      }
    }
    counts.values().forEach(count -> assertEquals(200, count, 60)); // four deviations
    assertEquals(14, counts.size());
    assertEquals(1400, negative, 110);
  }

  @Test
  void shiftsMoveByWholePixelsAndLeaveGrey() {
    byte[] right = done(Kind.TRANSLATE_X, false, 30); // 21 * 150 / 331 = 9.5
    byte[] up = done(Kind.TRANSLATE_Y, true, 15); // 4.76
    for (int at = 0; at < 3 * PLANE; at++) {
      int c = at / PLANE;
      int y = at / SIDE % SIDE;
      int x = at % SIDE;
      assertEquals(value(image(), c, y, x + 10), right[at] & 0xFF);
      assertEquals(value(image(), c, y - 5, x), up[at] & 0xFF);
    }
  }

  /** A row of pixels moves by 0.3 of its distance from the middle. */
  @Test
  void shearsMoveRowsOrColumns() {
    byte[] across = done(Kind.SHEAR_X, false, 30);
    byte[] down = done(Kind.SHEAR_Y, true, 30);
    for (int at = 0; at < 3 * PLANE; at++) {
      int c = at / PLANE;
      int y = at / SIDE % SIDE;
      int x = at % SIDE;
      int byRow = (int) Math.rint(0.3 * (y - 10));
      int byColumn = (int) Math.rint(-0.3 * (x - 10));
      if (Math.abs(y - 10) != 5) { // 1.5 pixels: either is as near
        assertEquals(value(image(), c, y, x + byRow), across[at] & 0xFF);
      }
      if (Math.abs(x - 10) != 5) {
        assertEquals(value(image(), c, y + byColumn, x), down[at] & 0xFF);
      }
    }
  }

  @Test
  void aQuarterTurnMovesEachPixelToThePlaceOfAnother() {
    byte[] turned = image();
    Affine.turn(0, FixedPoint.ONE).apply(turned, FORMAT);
    for (int at = 0; at < 3 * PLANE; at++) {
      int y = at / SIDE % SIDE;
      int x = at % SIDE;
      assertEquals(value(image(), at / PLANE, x, SIDE - 1 - y), turned[at] & 0xFF);
    }
  }

  /** The nearest pixel of the place that lies 30 degrees further around the middle. */
  @Test
  void rotationsTurnByUpTo30Degrees() {
    byte[] turned = done(Kind.ROTATE, false, 30);
    for (int at = 0; at < PLANE; at++) {
      int y = at / SIDE - 10;
      int x = at % SIDE - 10;
      double fromY = Math.cos(Math.PI / 6) * y + 0.5 * x;
      double fromX = Math.cos(Math.PI / 6) * x - 0.5 * y;
      if (!isBetweenPixels(fromY) && !isBetweenPixels(fromX)) {
        int expected = value(image(), 0, (int) Math.rint(fromY) + 10, (int) Math.rint(fromX) + 10);
        assertEquals(expected, turned[at] & 0xFF);
      }
    }
  }

  private static boolean isBetweenPixels(double place) {
    return Math.abs(place - Math.floor(place) - 0.5) < 1e-3;
  }

  @Test
  void autoContrastStretchesEachChannel() {
    byte[] image = image();
    for (int at = 0; at < PLANE; at++) {
      image[at] = (byte) (100 + (image[at] & 15)); // 100 to 115
      image[at + PLANE] = 7;
    }
    byte[] before = image.clone();
    Histogram.stretch(image, FORMAT);
    for (int at = 0; at < PLANE; at++) {
      assertEquals(17 * ((before[at] & 0xFF) - 100), image[at] & 0xFF);
      assertEquals(7, image[at + PLANE]);
    }
  }

  /**
   * All of 256 equally frequent values stay. 128 of them, four times each, get the number of pixels
   * below: Pillow counts whole steps, of (512 - 4) / 255 pixels.
   */
  @Test
  void equalizeSpreadsValues() {
    ImageFormat format = new ImageFormat(2, 256, 2, 2);
    byte[] image = new byte[1024];
    for (int at = 0; at < 512; at++) {
      image[at] = (byte) (at / 2);
      image[512 + at] = (byte) (at / 4 + 60);
    }
    Histogram.equalize(image, format);
    for (int at = 0; at < 512; at++) {
      assertEquals(at / 2, image[at] & 0xFF);
      assertEquals(Math.min(255, at / 4 * 4), image[512 + at] & 0xFF);
    }
  }

  @Test
  void solarizeAndPosterizeChangeBytes() {
    byte[] solarized = done(Kind.SOLARIZE, false, 10); // from 256 - 85 on
    byte[] posterized = done(Kind.POSTERIZE, true, 30);
    byte[] before = image();
    for (int at = 0; at < before.length; at++) {
      int value = before[at] & 0xFF;
      assertEquals(value >= 171 ? 255 - value : value, solarized[at] & 0xFF);
      assertEquals(value / 16 * 16, posterized[at] & 0xFF);
    }
  }

  @Test
  void sharpnessMultipliesDistancesFromTheSurroundings() {
    byte[] sharp = done(Kind.SHARPNESS, true, 20); // by 0.4
    for (int at = 0; at < 3 * PLANE; at++) {
      int c = at / PLANE;
      int y = at / SIDE % SIDE;
      int x = at % SIDE;
      double own = value(image(), c, y, x);
      double sum = 4 * own;
      for (int near = 0; near < 9; near++) {
        sum += value(image(), c, y + near / 3 - 1, x + near % 3 - 1);
      }
      boolean isInside = y > 0 && y < SIDE - 1 && x > 0 && x < SIDE - 1;
      double expected = isInside ? sum / 13 + 0.4 * (own - sum / 13) : own;
      assertEquals(expected, sharp[at] & 0xFF, 0.81); // the surroundings' rounding counts 0.3
    }
  }

  @Test
  void coloursChangeByFactors() {
    byte[] expected = image();
    int one = FixedPoint.ONE;
    new ColourChange(one, one, FixedPoint.of(1.27), 0).apply(expected, FORMAT);
    assertArrayEquals(expected, done(Kind.COLOUR, false, 9));
    expected = image();
    new ColourChange(one, FixedPoint.of(1 - 0.27), one, 0).apply(expected, FORMAT);
    assertArrayEquals(expected, done(Kind.CONTRAST, true, 9));
    expected = image();
    new ColourChange(FixedPoint.of(1.27), one, one, 0).apply(expected, FORMAT);
    assertArrayEquals(expected, done(Kind.BRIGHTNESS, false, 9));
  }
}
