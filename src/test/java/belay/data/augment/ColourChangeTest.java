package belay.data.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.data.ImageFormat;
import java.awt.Color;
import java.util.Random;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Colours against the formulas in double. */
class ColourChangeTest {
  private static final int ONE = FixedPoint.ONE;
  private static final ImageFormat FORMAT = new ImageFormat(40, 50, 3, 2);
  private static final int PLANE = 2000;

  /** Random, some pixels grey, some saturated. */
  private static byte[] image() {
    byte[] image = new byte[3 * PLANE];
    Random random = new Random(5);
    random.nextBytes(image);
    for (int at = 0; at < PLANE; at += 7) {
      image[at + PLANE] = image[at];
      image[at + 2 * PLANE] = at % 2 == 0 ? image[at] : 0;
    }
    return image;
  }

  private static double grey(byte[] image, int at) {
    return 0.299 * value(image, at)
        + 0.587 * value(image, at + PLANE)
        + 0.114 * value(image, at + 2 * PLANE);
  }

  private static int value(byte[] image, int at) {
    return image[at] & 0xFF;
  }

  private static double clamped(double value) {
    return Math.max(0, Math.min(255, value));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.35, 0.999, 1.3, 2})
  void brightnessMultipliesBytes(double factor) {
    byte[] image = image();
    new ColourChange(FixedPoint.of(factor), ONE, ONE, 0).apply(image, FORMAT);
    byte[] before = image();
    for (int at = 0; at < image.length; at++) {
      assertEquals(clamped(factor * value(before, at)), value(image, at), 0.51);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.35, 0.999, 1.3, 2})
  void contrastMultipliesDistancesFromTheMeanGrey(double factor) {
    byte[] image = image();
    new ColourChange(ONE, FixedPoint.of(factor), ONE, 0).apply(image, FORMAT);
    byte[] before = image();
    double mean =
        Math.rint(
            IntStream.range(0, PLANE).mapToDouble(at -> grey(before, at)).average().orElse(0));
    for (int at = 0; at < image.length; at++) {
      double expected = mean + factor * (value(before, at) - mean);
      assertEquals(clamped(expected), value(image, at), 0.51);
    }
  }

  @Test
  void contrastOfImagesWithoutColoursIsThatOfTheirBytes() {
    byte[] image = {10, 20, 30, 40, 50, 60};
    new ColourChange(ONE, 2 * ONE, ONE, 0).apply(image, new ImageFormat(1, 3, 2, 2));
    assertArrayEquals(new byte[] {0, 5, 25, 45, 65, 85}, image); // around 35
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.35, 0.999, 1.3, 2})
  void saturationMultipliesDistancesFromTheOwnGrey(double factor) {
    byte[] image = image();
    new ColourChange(ONE, ONE, FixedPoint.of(factor), 0).apply(image, FORMAT);
    byte[] before = image();
    for (int at = 0; at < image.length; at++) {
      double grey = grey(before, at % PLANE);
      double expected = grey + factor * (value(before, at) - grey);
      assertEquals(
          clamped(expected), value(image, at), 1.01); // of which the grey's rounding is 0.5
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.2, 0.5, 0.77, 0.999})
  void hueTurnsAsJavaTurnsIt(double turn) {
    byte[] image = image();
    new ColourChange(ONE, ONE, ONE, FixedPoint.of(6 * turn)).apply(image, FORMAT);
    byte[] before = image();
    for (int at = 0; at < PLANE; at++) {
      float[] hsb =
          Color.RGBtoHSB(
              value(before, at), value(before, at + PLANE), value(before, at + 2 * PLANE), null);
      Color expected = new Color(Color.HSBtoRGB(hsb[0] + (float) turn, hsb[1], hsb[2]));
      assertEquals(expected.getRed(), value(image, at), 1);
      assertEquals(expected.getGreen(), value(image, at + PLANE), 1);
      assertEquals(expected.getBlue(), value(image, at + 2 * PLANE), 1);
    }
  }

  @Test
  void aTurnOfAThirdRotatesTheChannels() {
    byte[] image = image();
    new ColourChange(ONE, ONE, ONE, 2 * ONE).apply(image, FORMAT);
    byte[] before = image();
    for (int at = 0; at < PLANE; at++) {
      assertEquals(before[at], image[at + PLANE]);
      assertEquals(before[at + PLANE], image[at + 2 * PLANE]);
      assertEquals(before[at + 2 * PLANE], image[at]);
    }
  }

  @Test
  void factorsAreDrawnEvenlyUpToTheLargestStrength() {
    Recipe recipe = Recipe.of(Augmentations.jitter(0.4, 0.2, 1, 0.1));
    assertEven(recipe, ColourChange::brightness, 0.6, 1.4);
    assertEven(recipe, ColourChange::contrast, 0.8, 1.2);
    assertEven(recipe, ColourChange::saturation, 0, 2);
    assertEven(recipe, change -> (change.turn() + Hue.CIRCLE / 2) % Hue.CIRCLE, 2.4, 3.6);
  }

  private static void assertEven(
      Recipe recipe, ToIntFunction<ColourChange> factor, double least, double most) {
    double[] drawn =
        IntStream.range(0, 2000)
            .mapToObj(row -> new Draws(AugmentedImages.random(3), 1, row))
            .mapToDouble(draws -> factor.applyAsInt(ColourChange.drawn(recipe, draws)) / 65536.0)
            .sorted()
            .toArray();
    double range = most - least;
    assertTrue(drawn[0] >= least - 1e-5 && drawn[0] < least + 0.02 * range);
    assertTrue(drawn[1999] <= most + 1e-5 && drawn[1999] > most - 0.02 * range);
    for (int i = 0; i < 2000; i += 200) {
      assertEquals(least + range * i / 2000, drawn[i], 0.05 * range); // four deviations
    }
  }
}
