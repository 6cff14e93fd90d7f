package belay.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.error.ConfigurationException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyntheticImagesTest {
  private final SyntheticImages images = new SyntheticImages(1, 16, 16);

  @Test
  void anImageDependsOnSeedAndNumberAlone() {
    Dataset few = images.dataset(13, 7);
    Dataset many = images.dataset(40, 20);

    assertArrayEquals(few.train().pixels(), many.train().limit(13).pixels());
    assertArrayEquals(few.test().pixels(), many.test().limit(7).pixels());
    assertEquals(many.digest(), new SyntheticImages(1, 16, 16).dataset(40, 20).digest());
  }

  @Test
  void anotherSeedGivesOtherImages() {
    assertNotEquals(
        images.dataset(10, 1).train().digest(),
        new SyntheticImages(2, 16, 16).dataset(10, 1).train().digest());
  }

  /** A change would make yesterday's runs on the synthetic set impossible to repeat. */
  @Test
  void theImagesNeverChange() {
    assertEquals(
        "aaef3b4a818860e2805528d31ce121567030773bd719df07804d19774c084e0f"
            + "-1e0fe5a6d132e0c3d99f7d03df4a8df5560aa84210ded4eaaf4922ab2a695ecb",
        images.dataset(20, 10).digest());
  }

  @Test
  void noImageComesTwice() {
    Dataset dataset = images.dataset(200, 100);
    Set<Integer> seen = new HashSet<>();
    for (ImageSet set : List.of(dataset.train(), dataset.test())) {
      for (int i = 0; i < set.count(); i++) {
        int from = i * set.format().imageBytes();
        seen.add(
            Arrays.hashCode(
                Arrays.copyOfRange(set.pixels(), from, from + set.format().imageBytes())));
      }
    }
    assertEquals(300, seen.size());
  }

  @Test
  void classesAreEquallyFrequentAndNamed() {
    Dataset dataset = images.dataset(100, 50);
    int[] counts = new int[10];
    for (int i = 0; i < 100; i++) {
      counts[dataset.train().label(i)]++;
    }

    assertArrayEquals(new int[] {10, 10, 10, 10, 10, 10, 10, 10, 10, 10}, counts);
    assertEquals(
        List.of(
            "disc",
            "ring",
            "square",
            "triangle",
            "cross",
            "horizontal-stripes",
            "vertical-stripes",
            "diagonal-stripes",
            "checkers",
            "dots"),
        dataset.classNames());
  }

  @ParameterizedTest
  @CsvSource({"8, 8", "8, 33", "65, 9", "32, 32"})
  void anyShapeFromEightPixelsOnCanBeDrawn(int height, int width) {
    ImageSet set = new SyntheticImages(1, height, width).dataset(10, 1).train();

    assertEquals(10 * 3 * height * width, set.pixels().length);
    Set<Byte> values = new HashSet<>();
    for (byte value : set.pixels()) {
      values.add(value);
    }
    assertTrue(values.size() > 100, "only " + values.size() + " intensities");
  }

  @ParameterizedTest
  @CsvSource({"7, 32", "32, 0", "-1, 32", "32, 1025"})
  void otherShapesAreRefused(int height, int width) {
    assertThrows(ConfigurationException.class, () -> new SyntheticImages(1, height, width));
  }

  /** Learnable from raw pixels, but not by guessing: nearest class mean, chance is 10 %. */
  @Test
  void classesDifferInTheirPixels() {
    Dataset dataset = images.dataset(1_000, 500);
    int size = images.format().imageBytes();
    double[][] means = new double[10][size];
    for (int i = 0; i < 1_000; i++) {
      for (int p = 0; p < size; p++) {
        means[dataset.train().label(i)][p] +=
            (dataset.train().pixels()[i * size + p] & 0xFF) / 100.0;
      }
    }
    int right = 0;
    for (int i = 0; i < 500; i++) {
      right += nearest(means, dataset.test(), i) == dataset.test().label(i) ? 1 : 0;
    }
    assertTrue(right > 150 && right < 400, right + " of 500 are right");
  }

  private static int nearest(double[][] means, ImageSet set, int image) {
    int nearest = 0;
    double least = Double.MAX_VALUE;
    for (int label = 0; label < means.length; label++) {
      double distance = 0;
      for (int p = 0; p < means[label].length; p++) {
        double d = means[label][p] - (set.pixels()[image * means[label].length + p] & 0xFF);
        distance += d * d;
      }
      if (distance < least) {
        least = distance;
        nearest = label;
      }
    }
    return nearest;
  }
}
