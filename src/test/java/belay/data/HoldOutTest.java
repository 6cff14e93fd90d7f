package belay.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.error.ConfigurationException;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HoldOutTest {
  private static final int[] CLASSES = {60, 30, 7, 3};
  private static final Dataset WHOLE = dataset();

  /** Each image is its own number, two bytes; classes lie mixed. */
  private static Dataset dataset() {
    byte[] labels = new byte[100];
    byte[] pixels = new byte[200];
    int[] left = CLASSES.clone();
    for (int i = 0, label = 0; i < labels.length; i++) {
      for (label = (label + 1) % 4; left[label] == 0; label = (label + 1) % 4) {}
      left[label]--;
      labels[i] = (byte) label;
      pixels[2 * i] = (byte) i;
    }
    ImageSet images = new ImageSet(new ImageFormat(1, 2, 1, 4), pixels, labels);
    return new Dataset(images, images, List.of("a", "b", "c", "d"));
  }

  private static int[] sizes(ImageSet images) {
    int[] sizes = new int[4];
    IntStream.range(0, images.count()).forEach(row -> sizes[images.label(row)]++);
    return sizes;
  }

  private static TreeSet<Integer> numbers(ImageSet images) {
    TreeSet<Integer> numbers = new TreeSet<>();
    IntStream.range(0, images.count()).forEach(row -> numbers.add((int) images.pixels()[2 * row]));
    return numbers;
  }

  @Test
  void eachClassGivesTheSameShareToAnImage() {
    Dataset parted = HoldOut.of(WHOLE, 20, 1);
    assertArrayEquals(new int[] {12, 6, 1, 1}, sizes(parted.validation().orElseThrow()));
    assertArrayEquals(new int[] {48, 24, 6, 2}, sizes(parted.train()));
  }

  @Test
  void everyImageIsInOnePartWithItsLabelAndTheOrderStays() {
    Dataset parted = HoldOut.of(WHOLE, 33, 5);
    ImageSet heldOut = parted.validation().orElseThrow();
    TreeSet<Integer> all = numbers(heldOut);
    assertEquals(33, all.size());
    assertTrue(all.addAll(numbers(parted.train())));
    assertEquals(100, all.size());
    for (ImageSet part : List.of(heldOut, parted.train())) {
      int[] order = IntStream.range(0, part.count()).map(i -> part.pixels()[2 * i]).toArray();
      assertArrayEquals(IntStream.of(order).sorted().toArray(), order);
      IntStream.range(0, part.count())
          .forEach(row -> assertEquals(WHOLE.train().label(order[row]), part.label(row)));
    }
    assertSame(WHOLE.test(), parted.test());
  }

  @Test
  void theSeedDraws() {
    Dataset one = HoldOut.of(WHOLE, 20, 1);
    assertEquals(one.digest(), HoldOut.of(WHOLE, 20, 1).digest());
    assertNotEquals(one.digest(), HoldOut.of(WHOLE, 20, 2).digest());
    assertNotEquals(one.digest(), HoldOut.of(WHOLE, 21, 1).digest());
  }

  @Test
  void noneHeldOutIsTheSameDataset() {
    assertSame(WHOLE, HoldOut.of(WHOLE, 0, 1));
    assertFalse(WHOLE.validation().isPresent());
    assertSame(WHOLE.test(), WHOLE.judging());
  }

  @Test
  void someImageIsLeftToTrainOn() {
    assertEquals(1, HoldOut.of(WHOLE, 99, 1).train().count());
    ConfigurationException refused =
        assertThrows(ConfigurationException.class, () -> HoldOut.of(WHOLE, 100, 1));
    assertEquals(
        "data.validation = 100 leaves none of the 100 training images to train on",
        refused.getMessage());
  }
}
