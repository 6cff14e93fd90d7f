package belay.backend.cuda.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import belay.backend.cuda.driver.Address;
import belay.data.ImageFormat;
import belay.data.ImageSet;
import belay.data.MixedLabel;
import belay.data.augment.Augmentation;
import belay.data.augment.Augmentation.Border;
import belay.data.augment.Augmentation.Mirror;
import belay.data.augment.Augmentations;
import belay.data.augment.AugmentedImages;
import belay.data.augment.Recipe;
import belay.net.Shape;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** AugmentedImages on the host, by the kernel's own source: byte for byte those that Java makes. */
class AugmentKernelsTest {
  private static final int IMAGES = 9;
  private static final int[] ROWS = {8, 0, 3, 3, 5};
  private static final long SEED = -987654321098765L;
  private static final byte SENTINEL = 77;

  static Stream<Arguments> kinds() {
    List<Arguments> kinds = new ArrayList<>();
    for (Mirror mirror : Mirror.values()) {
      for (Border border : Border.values()) {
        kinds.add(kind(new Shape(6, 5, 3), new Augmentation(mirror, 4, border, 3)));
        kinds.add(kind(new Shape(12, 17, 1), new Augmentation(mirror, 3, border, 0)));
        kinds.add(kind(new Shape(32, 32, 3), new Augmentation(mirror, 0, border, 8)));
      }
    }
    for (Shape shape : List.of(new Shape(9, 14, 3), new Shape(32, 32, 3))) {
      kinds.add(kind(shape, Augmentations.jitter(1, 0, 0, 0)));
      kinds.add(kind(shape, Augmentations.jitter(0, 1, 0, 0)));
      kinds.add(kind(shape, Augmentations.jitter(0, 0, 1, 0)));
      kinds.add(kind(shape, Augmentations.jitter(0, 0, 0, 0.5)));
      kinds.add(kind(shape, Augmentations.scaled(0.08)));
      kinds.add(kind(shape, Augmentations.scaled(0.9)));
      kinds.add(kind(shape, Augmentations.operations(4, 30)));
      kinds.add(kind(shape, Augmentations.operations(1, 9)));
      kinds.add(kind(shape, Augmentations.operations(3, 0)));
      kinds.add(kind(shape, Augmentations.noisy(0.2, 0, 1)));
      kinds.add(kind(shape, Augmentations.noisy(0, 0.4, 4)));
      kinds.add(kind(shape, Augmentations.noisy(1, 0.1, 1)));
      kinds.add(kind(shape, Augmentations.mixed(0.5, 0)));
      kinds.add(kind(shape, Augmentations.mixed(0, 1)));
      kinds.add(kind(shape, Augmentations.mixed(1, 0.2)));
      kinds.add(kind(shape, Augmentations.greys()));
      kinds.add(kind(shape, Augmentations.colours()));
    }
    kinds.add(kind(new Shape(17, 13, 1), Augmentations.greys()));
    kinds.add(kind(new Shape(17, 13, 4), Augmentations.greys()));
    return kinds.stream();
  }

  private static Arguments kind(Shape shape, Augmentation how) {
    return Arguments.of(shape, how);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void theKernelMakesTheViewsOfJava(Shape shape, Augmentation how) {
    ImageSet images = images(shape);
    AugmentedImages views = new AugmentedImages(images, how, SEED);
    for (int epoch : new int[] {1, 2, 1_000_000}) {
      float[] expected = new float[ROWS.length * images.format().imageBytes()];
      float[] clean = views.inputs(ROWS, 0, ROWS.length, epoch, expected);
      Made made = made(images, how, shape, epoch);
      float[] actual = new float[expected.length];
      made.images().normalized(new int[] {0, 1, 2, 3, 4}, 0, ROWS.length, actual);
      assertArrayEquals(expected, actual);
      made.targets().normalized(new int[] {0, 1, 2, 3, 4}, 0, ROWS.length, actual);
      assertArrayEquals(clean, actual);
      assertArrayEquals(views.labels(ROWS, 0, ROWS.length, epoch), made.labels());
    }
  }

  /** Noise, and every other image smooth and dull, where rounding and grey pixels matter. */
  private static ImageSet images(Shape shape) {
    ImageFormat format = new ImageFormat(shape.height(), shape.width(), shape.channels(), 10);
    Random random = new Random(shape.size());
    byte[] pixels = new byte[IMAGES * format.imageBytes()];
    byte[] labels = new byte[IMAGES];
    random.nextBytes(pixels);
    random.nextBytes(labels);
    for (int at = 0; at < pixels.length; at++) {
      if (at / format.imageBytes() % 2 == 0) {
        pixels[at] = (byte) (100 + (pixels[at] & 3) + at % shape.width());
      }
    }
    return new ImageSet(format, pixels, labels);
  }

  private record Made(ImageSet images, ImageSet targets, MixedLabel[] labels) {}

  /** What the kernel writes, and nothing behind it; without mixtures it gets no room for them. */
  private static Made made(ImageSet set, Augmentation how, Shape shape, int epoch) {
    int bytes = ROWS.length * set.format().imageBytes();
    try (Memory images = of(set.pixels());
        Memory classes = of(set.labels());
        Memory rows = new Memory(4L * ROWS.length);
        Memory now = new Memory(4);
        Memory recipe = new Memory(4L * Recipe.WORDS);
        Memory out = new Memory(bytes + 1L);
        Memory clean = new Memory(bytes + 1L);
        Memory labelled = new Memory(ROWS.length + 1L);
        Memory others = new Memory(ROWS.length + 1L);
        Memory shares = new Memory(4L * (ROWS.length + 1));
        Memory spare = new Memory(bytes + 1L);
        Memory befores = new Memory(bytes + 1L)) {
      rows.write(0, ROWS, 0, ROWS.length);
      now.setInt(0, epoch);
      recipe.write(0, Recipe.of(how).words(), 0, Recipe.WORDS);
      out.setByte(bytes, SENTINEL);
      clean.setByte(bytes, SENTINEL);
      for (Memory behind : List.of(labelled, others)) {
        behind.setByte(ROWS.length, SENTINEL);
      }
      spare.setByte(bytes, SENTINEL);
      befores.setByte(bytes, SENTINEL);
      shares.setInt(4L * ROWS.length, SENTINEL);
      boolean isMixed = !how.mixing().isNone();
      HostKernels.of("augment")
          .run(
              AugmentKernels.augment(
                  !how.leavesPixels(),
                  ROWS.length,
                  at(images),
                  at(classes),
                  at(rows),
                  at(now),
                  at(recipe),
                  at(out),
                  how.noise().isNone() ? null : at(clean),
                  at(labelled),
                  isMixed ? at(others) : null,
                  isMixed ? at(shares) : null,
                  isMixed ? at(spare) : null,
                  how.randAugment().operations() > 0 ? at(befores) : null,
                  AugmentedImages.random(SEED).key(),
                  IMAGES,
                  shape));
      assertArrayEquals(new int[] {0, 1, 2, 3, 4}, rows.getIntArray(0, ROWS.length));
      assertEquals(SENTINEL, out.getByte(bytes));
      assertEquals(SENTINEL, clean.getByte(bytes));
      assertEquals(SENTINEL, labelled.getByte(ROWS.length));
      assertEquals(SENTINEL, others.getByte(ROWS.length));
      assertEquals(SENTINEL, spare.getByte(bytes));
      assertEquals(SENTINEL, befores.getByte(bytes));
      assertEquals(SENTINEL, shares.getInt(4L * ROWS.length));
      MixedLabel[] labels = new MixedLabel[ROWS.length];
      for (int i = 0; i < labels.length; i++) {
        int label = labelled.getByte(i) & 0xFF;
        labels[i] =
            isMixed
                ? new MixedLabel(label, others.getByte(i) & 0xFF, shares.getInt(4L * i) / 65536.0)
                : MixedLabel.of(label);
      }
      byte[] unlabelled = new byte[ROWS.length];
      Memory targets = how.noise().isNone() ? out : clean;
      return new Made(
          new ImageSet(set.format(), out.getByteArray(0, bytes), unlabelled),
          new ImageSet(set.format(), targets.getByteArray(0, bytes), unlabelled),
          labels);
    }
  }

  private static Memory of(byte[] bytes) {
    Memory memory = new Memory(bytes.length);
    memory.write(0, bytes, 0, bytes.length);
    return memory;
  }

  private static Address at(Memory memory) {
    return Address.of(Pointer.nativeValue(memory));
  }
}
