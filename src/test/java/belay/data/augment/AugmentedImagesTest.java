package belay.data.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.data.ImageFormat;
import belay.data.ImageSet;
import belay.data.MixedLabel;
import belay.data.RowOrder;
import belay.data.augment.Augmentation.Border;
import belay.data.augment.Augmentation.Jitter;
import belay.data.augment.Augmentation.Mirror;
import belay.data.augment.Augmentation.Mixing;
import belay.data.augment.Augmentation.Noise;
import belay.data.augment.Augmentation.RandAugment;
import belay.error.ConfigurationException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AugmentedImagesTest {
  private static final int H = 5;
  private static final int W = 7;
  private static final int COUNT = 60;
  private static final ImageSet IMAGES = images();

  private static ImageSet images() {
    byte[] pixels = new byte[COUNT * 2 * H * W];
    new Random(3).nextBytes(pixels);
    byte[] labels = new byte[COUNT];
    for (int i = 0; i < COUNT; i++) {
      labels[i] = (byte) i;
    }
    return new ImageSet(new ImageFormat(H, W, 2, 256), pixels, labels);
  }

  private static Augmentation mirror(Mirror mirror) {
    return new Augmentation(mirror, 0, Border.REFLECT, 0);
  }

  /** The view of one row as bytes [H, W, C]. */
  private static int[] view(Augmentation how, long seed, int epoch, int row) {
    return view(new AugmentedImages(IMAGES, how, seed), epoch, row);
  }

  private static int[] view(AugmentedImages images, int epoch, int row) {
    float[] out = new float[2 * H * W];
    images.normalized(new int[] {row}, 0, 1, epoch, out);
    return bytes(out);
  }

  /** What a network reads of one row as bytes [H, W, C]. */
  private static int[] input(Augmentation how, long seed, int epoch, int row) {
    float[] out = new float[2 * H * W];
    new AugmentedImages(IMAGES, how, seed).inputs(new int[] {row}, 0, 1, epoch, out);
    return bytes(out);
  }

  private static int[] bytes(float[] normalized) {
    return IntStream.range(0, normalized.length)
        .map(i -> Math.round(255 * normalized[i]))
        .toArray();
  }

  private static int[] image(int row) {
    float[] out = new float[2 * H * W];
    IMAGES.normalized(new int[] {row}, 0, 1, out);
    return bytes(out);
  }

  private static int[] mirrored(int[] image) {
    int[] out = new int[image.length];
    for (int i = 0; i < out.length; i++) {
      int x = i / 2 % W;
      out[i] = image[i + 2 * (W - 1 - 2 * x)];
    }
    return out;
  }

  /** Written out in full around the image, then cut. */
  private static int[] shifted(int[] image, int down, int across, Border border) {
    int[] out = new int[image.length];
    for (int y = 0; y < H; y++) {
      for (int x = 0; x < W; x++) {
        for (int c = 0; c < 2; c++) {
          out[(y * W + x) * 2 + c] = around(image, y + down, x + across, c, border);
        }
      }
    }
    return out;
  }

  private static int around(int[] image, int y, int x, int c, Border border) {
    int fromY = y;
    int fromX = x;
    if (y < 0 || y >= H || x < 0 || x >= W) {
      if (border == Border.ZERO) {
        return 0;
      }
      boolean edge = border == Border.EDGE;
      fromY = y < 0 ? (edge ? 0 : -y) : y >= H ? (edge ? H - 1 : 2 * H - 2 - y) : y;
      fromX = x < 0 ? (edge ? 0 : -x) : x >= W ? (edge ? W - 1 : 2 * W - 2 - x) : x;
    }
    return image[(fromY * W + fromX) * 2 + c];
  }

  @Test
  void noAugmentationShowsTheImages() {
    for (int row = 0; row < COUNT; row++) {
      assertArrayEquals(image(row), view(Augmentation.NONE, 1, 3, row));
    }
  }

  @Test
  void randomMirrorsShowBothSidesAboutAsOften() {
    int turned = 0;
    for (int epoch = 1; epoch <= 20; epoch++) {
      for (int row = 0; row < COUNT; row++) {
        int[] view = view(mirror(Mirror.RANDOM), 1, epoch, row);
        boolean isTurned = !Arrays.equals(view, image(row));
        assertArrayEquals(isTurned ? mirrored(image(row)) : image(row), view);
        turned += isTurned ? 1 : 0;
      }
    }
    assertEquals(600, turned, 4 * Math.sqrt(300)); // four deviations
  }

  @Test
  void alternatingMirrorsShowTheOtherSideInTheNextEpoch() {
    Set<Boolean> first = new HashSet<>();
    for (int row = 0; row < COUNT; row++) {
      int[] odd = view(mirror(Mirror.ALTERNATE), 1, 1, row);
      assertArrayEquals(mirrored(odd), view(mirror(Mirror.ALTERNATE), 1, 2, row));
      assertArrayEquals(odd, view(mirror(Mirror.ALTERNATE), 1, 3, row));
      first.add(Arrays.equals(odd, image(row)));
    }
    assertEquals(Set.of(true, false), first);
  }

  @ParameterizedTest
  @EnumSource
  void cropsAreShiftedInBothDirectionsByAnyNumberOfPixels(Border border) {
    int crop = 3;
    Set<List<Integer>> seen = new HashSet<>();
    for (int epoch = 1; epoch <= 20; epoch++) {
      for (int row = 0; row < COUNT; row++) {
        int[] view = view(new Augmentation(Mirror.NONE, crop, border, 0), 1, epoch, row);
        List<Integer> shift = shift(view, image(row), crop, border);
        seen.add(shift);
      }
    }
    assertEquals(49, seen.size()); // of which 1,200 draws miss one in a thousand million cases
  }

  private static List<Integer> shift(int[] view, int[] image, int crop, Border border) {
    for (int down = -crop; down <= crop; down++) {
      for (int across = -crop; across <= crop; across++) {
        if (Arrays.equals(view, shifted(image, down, across, border))) {
          return List.of(down, across);
        }
      }
    }
    throw new AssertionError("no shift of the image: " + Arrays.toString(view));
  }

  @Test
  void cutoutCoversASquareAroundAnyPixelAndNothingElse() {
    Set<Integer> sizes = new HashSet<>();
    for (int row = 0; row < COUNT; row++) {
      int[] view = view(new Augmentation(Mirror.NONE, 0, Border.REFLECT, 3), 1, 1, row);
      int[] image = image(row);
      int[] covered =
          IntStream.range(0, view.length)
              .filter(i -> view[i] != image[i])
              .map(i -> i / 2)
              .toArray();
      assertTrue(Arrays.stream(covered).allMatch(at -> view[2 * at] == Augmentation.GREY));
      int[] y = Arrays.stream(covered).map(at -> at / W).toArray();
      int[] x = Arrays.stream(covered).map(at -> at % W).toArray();
      sizes.add(extent(y) * extent(x));
      assertTrue(extent(y) <= 3 && extent(x) <= 3);
    }
    assertTrue(sizes.containsAll(Set.of(4, 6, 9)), sizes::toString); // in corners, at sides, within
  }

  private static int extent(int[] places) {
    return Arrays.stream(places).max().orElseThrow()
        - Arrays.stream(places).min().orElseThrow()
        + 1;
  }

  @Test
  void aViewDependsOnSeedEpochAndRowAlone() {
    Augmentation all = Augmentations.greys();
    int[] rows = {41, 7, 41, 0};
    float[] together = new float[2 * 2 * H * W];
    new AugmentedImages(IMAGES, all, 9).inputs(rows, 1, 3, 4, together);
    int[] views = bytes(together);
    int size = 2 * H * W;
    assertArrayEquals(input(all, 9, 4, 7), Arrays.copyOf(views, size));
    assertArrayEquals(input(all, 9, 4, 41), Arrays.copyOfRange(views, size, 2 * size));
    AugmentedImages images = new AugmentedImages(IMAGES, all, 9);
    assertArrayEquals(
        new MixedLabel[] {
          images.labels(new int[] {7}, 0, 1, 4)[0], images.labels(new int[] {41}, 0, 1, 4)[0]
        },
        images.labels(rows, 1, 3, 4));
    assertFalse(Arrays.equals(input(all, 9, 4, 7), input(all, 9, 5, 7)));
    assertFalse(Arrays.equals(input(all, 9, 4, 7), input(all, 8, 4, 7)));
  }

  @Test
  void mixupAddsTheViewsOfTwoImagesByTheirShares() {
    AugmentedImages mixed = new AugmentedImages(IMAGES, Augmentations.mixed(1, 0), 2);
    Set<Integer> partners = new HashSet<>();
    for (int row = 0; row < COUNT; row++) {
      MixedLabel label = mixed.labels(new int[] {row}, 0, 1, 3)[0];
      assertEquals(row, label.label());
      partners.add(label.other());
      int[] seen = view(mixed, 3, row);
      int[] own = image(row);
      int[] other = image(label.other());
      for (int i = 0; i < seen.length; i++) {
        assertEquals(label.share() * own[i] + (1 - label.share()) * other[i], seen[i], 0.501);
      }
    }
    assertEquals(COUNT * (1 - 1 / Math.E), partners.size(), 7); // of 60 draws of 60
  }

  @Test
  void aPartnerIsSeenAsItsEpochSeesIt() {
    Augmentation mirrored =
        new Augmentation(
            Mirror.ALTERNATE,
            0,
            Border.EDGE,
            1,
            RandAugment.NONE,
            Jitter.NONE,
            0,
            new Mixing(0.3, 0),
            Noise.NONE);
    AugmentedImages mixed = new AugmentedImages(IMAGES, mirrored, 2);
    for (int row = 0; row < COUNT; row++) {
      MixedLabel label = mixed.labels(new int[] {row}, 0, 1, 3)[0];
      int[] own = view(mirror(Mirror.ALTERNATE), 2, 3, row);
      int[] other = view(mirror(Mirror.ALTERNATE), 2, 3, label.other());
      int[] seen = view(mixed, 3, row);
      for (int i = 0; i < seen.length; i++) {
        assertEquals(label.share() * own[i] + (1 - label.share()) * other[i], seen[i], 0.501);
      }
    }
  }

  @Test
  void cutMixPutsARectangleOfAnotherImageThere() {
    AugmentedImages mixed = new AugmentedImages(IMAGES, Augmentations.mixed(0, 1), 2);
    Set<Integer> sizes = new HashSet<>();
    for (int row = 0; row < COUNT; row++) {
      MixedLabel label = mixed.labels(new int[] {row}, 0, 1, 3)[0];
      int[] seen = view(mixed, 3, row);
      int[] own = image(row);
      int[] other = image(label.other());
      int[] covered =
          IntStream.range(0, seen.length).filter(i -> seen[i] != own[i]).map(i -> i / 2).toArray();
      assertTrue(Arrays.stream(covered).allMatch(at -> seen[2 * at] == other[2 * at]));
      int[] y = Arrays.stream(covered).map(at -> at / W).toArray();
      int[] x = Arrays.stream(covered).map(at -> at % W).toArray();
      int area = covered.length == 0 ? 0 : extent(y) * extent(x);
      if (label.other() != row) {
        assertEquals(1 - area / (double) (H * W), label.share(), 1e-5);
        sizes.add(area);
      }
    }
    assertTrue(sizes.size() > 8, sizes::toString);
  }

  /** Images are noise: a mixture of bytes leaves few of them as they were. */
  @Test
  void mixupAndCutMixAreDrawnFairly() {
    AugmentedImages mixed = new AugmentedImages(IMAGES, Augmentations.mixed(5, 5), 2);
    int cut = 0;
    for (int row = 0; row < COUNT; row++) {
      for (int epoch = 1; epoch <= 10; epoch++) {
        int[] seen = view(mixed, epoch, row);
        int[] own = image(row);
        long same = IntStream.range(0, seen.length).filter(i -> seen[i] == own[i]).count();
        cut += same > seen.length / 8 ? 1 : 0;
      }
    }
    assertEquals(300, cut, 60); // five deviations
  }

  /** All bytes of what a network reads of all images, and of what it is to reconstruct. */
  private static int[][] inputsAndTargets(Augmentation how, int epoch) {
    float[] read = new float[COUNT * 2 * H * W];
    int[] rows = RowOrder.identity(COUNT);
    float[] clean = new AugmentedImages(IMAGES, how, 2).inputs(rows, 0, COUNT, epoch, read);
    return new int[][] {bytes(read), bytes(clean)};
  }

  @Test
  void noiseIsNormalAndNotInTheTarget() {
    int[][] both = inputsAndTargets(Augmentations.noisy(0.1, 0, 1), 1);
    double sum = 0;
    double squares = 0;
    int count = 0;
    for (int i = 0; i < both[0].length; i++) {
      assertEquals(image(i / (2 * H * W))[i % (2 * H * W)], both[1][i]);
      if (both[1][i] >= 100 && both[1][i] <= 155) { // which no noise takes beyond 0 and 255
        double z = (both[0][i] - both[1][i]) / 25.5;
        sum += z;
        squares += z * z;
        count++;
      }
    }
    assertEquals(0, sum / count, 4 / Math.sqrt(count));
    assertEquals(1, squares / count, 4 * Math.sqrt(2.0 / count));
    assertFalse(Arrays.equals(both[0], inputsAndTargets(Augmentations.noisy(0.1, 0, 1), 2)[0]));
  }

  /** Squares of 3 x 3 pixels: of 5 x 7 there are six, of which those at the end are cut. */
  @Test
  void masksCoverWholeSquaresOfAllChannels() {
    int[][] both = inputsAndTargets(Augmentations.noisy(0, 0.3, 3), 1);
    Map<Integer, Set<Boolean>> squares = new HashMap<>();
    for (int i = 0; i < both[0].length; i++) {
      int pixel = i / 2 % (H * W);
      int square = i / (2 * H * W) * 6 + pixel / W / 3 * 3 + pixel % W / 3;
      if (both[1][i] != 0) {
        squares.computeIfAbsent(square, any -> new HashSet<>()).add(both[0][i] == 0);
        assertTrue(both[0][i] == 0 || both[0][i] == both[1][i]);
      }
    }
    assertTrue(squares.values().stream().allMatch(seen -> seen.size() == 1));
    long masked = squares.values().stream().filter(Set.of(true)::equals).count();
    assertEquals(0.3 * 6 * COUNT, masked, 4 * Math.sqrt(0.21 * 6 * COUNT));
  }

  /** A run of an earlier belay that goes on must see what it saw. */
  @Test
  void viewsOfEarlierVersionsKeepTheirBytes() throws NoSuchAlgorithmException {
    byte[] pixels = new byte[COUNT * 2 * H * W];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 31 + i / 70);
    }
    ImageSet set = new ImageSet(new ImageFormat(H, W, 2, 2), pixels, new byte[COUNT]);
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (Mirror mirror : Mirror.values()) {
      for (Border border : Border.values()) {
        AugmentedImages views = new AugmentedImages(set, new Augmentation(mirror, 3, border, 3), 7);
        for (int epoch = 1; epoch <= 3; epoch++) {
          float[] out = new float[pixels.length];
          views.normalized(RowOrder.identity(COUNT), 0, COUNT, epoch, out);
          IntStream.of(bytes(out)).forEach(value -> digest.update((byte) value));
        }
      }
    }
    assertEquals(
        "4c1ff88f1a73332e065fc4a1f798ce707c183f599e442b39873cf4d1bc337dcb",
        HexFormat.of().formatHex(digest.digest()));
  }

  @Test
  void greyImagesHaveNoColoursToChange() {
    for (Augmentation how :
        List.of(Augmentations.jitter(0, 0, 0.1, 0), Augmentations.jitter(0, 0, 0, 0.1))) {
      ConfigurationException refused =
          assertThrows(ConfigurationException.class, () -> AugmentedImages.check(how, 28, 28, 1));
      assertTrue(refused.getMessage().contains("3 channels"), refused.getMessage());
      AugmentedImages.check(how, 28, 28, 3);
    }
    AugmentedImages.check(Augmentations.jitter(0.1, 0.1, 0, 0), 28, 28, 1);
  }

  @Test
  void imagesMustBeLargerThanWhatIsCutOfThem() {
    for (Augmentation how :
        List.of(
            new Augmentation(Mirror.NONE, H, Border.EDGE, 0),
            new Augmentation(Mirror.NONE, 0, Border.EDGE, H))) {
      ConfigurationException refused =
          assertThrows(ConfigurationException.class, () -> new AugmentedImages(IMAGES, how, 1));
      assertTrue(refused.getMessage().endsWith("less than the images' 5 pixels"));
    }
  }
}
