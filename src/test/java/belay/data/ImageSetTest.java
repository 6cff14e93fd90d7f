package belay.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImageSetTest {
  private static final ImageFormat FORMAT = new ImageFormat(1, 2, 3, 200);
  private final ImageSet images =
      new ImageSet(
          FORMAT,
          new byte[] {0, 51, 102, (byte) 153, (byte) 204, (byte) 255, 1, 2, 3, 4, 5, 6},
          new byte[] {7, (byte) 199});

  @Test
  void labelsAreUnsigned() {
    assertEquals(7, images.label(0));
    assertEquals(199, images.label(1));
  }

  @Test
  void normalizedPixelsAreInTheUnitIntervalWithChannelsLast() {
    float[] out = new float[6];
    images.normalized(new int[] {0}, 0, 1, out);

    assertArrayEquals(new float[] {0, 0.4f, 0.8f, 0.2f, 0.6f, 1}, out);
  }

  @Test
  void normalizedUsesOnlyTheRowsAskedFor() {
    float[] out = new float[6];
    images.normalized(new int[] {0, 1, 0}, 1, 2, out);

    assertArrayEquals(
        new float[] {1 / 255f, 3 / 255f, 5 / 255f, 2 / 255f, 4 / 255f, 6 / 255f}, out);
  }

  @Test
  void pixelsMustFitTheLabels() {
    assertThrows(
        IllegalArgumentException.class, () -> new ImageSet(FORMAT, new byte[11], new byte[2]));
  }

  @Test
  void aLimitKeepsTheFirstImages() {
    ImageSet first = images.limit(1);

    assertEquals(1, first.count());
    assertEquals(7, first.label(0));
    assertArrayEquals(new byte[] {0, 51, 102, (byte) 153, (byte) 204, (byte) 255}, first.pixels());
  }

  @Test
  void noLimitAndALargeOneKeepAll() {
    assertSame(images, images.limit(0));
    assertSame(images, images.limit(2));
    assertSame(images, images.limit(3));
  }

  @Test
  void theDigestFollowsTheContent() {
    ImageSet same = new ImageSet(FORMAT, images.pixels().clone(), images.labels().clone());
    assertEquals(images.digest(), same.digest());

    byte[] pixels = images.pixels().clone();
    pixels[11]++;
    ImageSet other = new ImageSet(FORMAT, pixels, images.labels());
    assertNotEquals(images.digest(), other.digest());
  }

  @Test
  void theDigestKnowsLabelsAndShape() {
    ImageSet labels = new ImageSet(FORMAT, images.pixels(), new byte[] {7, 8});
    ImageSet shape = new ImageSet(new ImageFormat(2, 1, 3, 200), images.pixels(), images.labels());

    assertNotEquals(images.digest(), labels.digest());
    assertNotEquals(images.digest(), shape.digest());
  }

  @Test
  void aDatasetsDigestTellsTrainFromTest() {
    ImageSet one = images.limit(1);

    assertNotEquals(
        new Dataset(images, one, List.of()).digest(), new Dataset(one, images, List.of()).digest());
  }

  @Test
  void aDatasetsNamesDoNotChangeAfterwards() {
    List<String> names = new ArrayList<>(List.of("cat"));
    Dataset dataset = new Dataset(images, images, names);
    names.set(0, "dog");

    assertEquals(List.of("cat"), dataset.classNames());
  }
}
