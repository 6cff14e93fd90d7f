package belay.data.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.data.ImageFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BoxTest {
  private static final ImageFormat FORMAT = new ImageFormat(60, 100, 1, 2);

  private static List<Box> drawn(double from, int count) {
    Recipe recipe = Recipe.of(Augmentations.scaled(from));
    return IntStream.range(0, count)
        .mapToObj(row -> Box.drawn(FORMAT, recipe, new Draws(AugmentedImages.random(1), 1, row)))
        .toList();
  }

  @Test
  void sharesAndRatiosAreWhatWasAskedFor() {
    List<Box> boxes = drawn(0.1, 3000);
    double[] shares =
        boxes.stream().mapToDouble(box -> box.height() * box.width() / 6000.0).sorted().toArray();
    assertTrue(shares[0] > 0.09 && shares[0] < 0.12, () -> "" + shares[0]);
    assertEquals(0.325, shares[750], 0.04); // large ones that do not fit are drawn again
    double[] ratios =
        boxes.stream()
            .filter(box -> box.height() < 60 && box.height() > 20)
            .mapToDouble(box -> box.width() / 100.0 / (box.height() / 60.0))
            .sorted()
            .toArray();
    assertTrue(ratios[0] > 0.71 && ratios[ratios.length - 1] < 1.4); // of whole pixels
    assertEquals(1, ratios[ratios.length / 2], 0.02);
    assertEquals(StrictMath.sqrt(0.75), ratios[ratios.length / 4], 0.03);
  }

  @Test
  void anyPlaceIsAsLikely() {
    List<Box> boxes = drawn(0.1, 3000);
    double[] tops =
        boxes.stream()
            .filter(box -> box.height() < 50)
            .mapToDouble(box -> (box.top() + 0.5) / (61 - box.height()))
            .toArray();
    double[] lefts =
        boxes.stream()
            .filter(box -> box.width() < 80)
            .mapToDouble(box -> (box.left() + 0.5) / (101 - box.width()))
            .toArray();
    for (double[] places : List.of(tops, lefts)) {
      assertEquals(0.5, Arrays.stream(places).average().orElseThrow(), 0.03);
      assertTrue(Arrays.stream(places).min().orElseThrow() < 0.03);
      assertTrue(Arrays.stream(places).max().orElseThrow() > 0.97);
    }
  }

  @Test
  void theWholeImageIsSeenWhereNothingSmallerIsWanted() {
    assertTrue(drawn(1, 20).stream().allMatch(Box.whole(FORMAT)::equals));
  }

  /** Against the same in double: pixel centres, and nothing from beyond the box. */
  @Test
  void pixelsAreThoseOfABilinearScaling() {
    byte[] image = new byte[6000];
    new Random(1).nextBytes(image);
    for (Box box : drawn(0.1, 40)) {
      for (int at = 0; at < 6000; at += 13) {
        double y = (at / 100 + 0.5) * box.height() / 60 - 0.5;
        double x = (at % 100 + 0.5) * box.width() / 100 - 0.5;
        double expected = at(image, box, clamped(y, box.height() - 1), clamped(x, box.width() - 1));
        assertEquals(expected, box.pixel(image, 0, at / 100, at % 100), 3);
      }
    }
  }

  private static double clamped(double place, int most) {
    return Math.max(0, Math.min(most, place));
  }

  private static double at(byte[] image, Box box, double y, double x) {
    double value = 0;
    for (int i = 0; i < box.height(); i++) {
      for (int j = 0; j < box.width(); j++) {
        double weight = Math.max(0, 1 - Math.abs(i - y)) * Math.max(0, 1 - Math.abs(j - x));
        value += weight * (image[(box.top() + i) * 100 + box.left() + j] & 0xFF);
      }
    }
    return value;
  }
}
