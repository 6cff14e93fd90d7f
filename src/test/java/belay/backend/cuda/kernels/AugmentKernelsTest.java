package belay.backend.cuda.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import belay.backend.cuda.driver.Address;
import belay.data.ImageFormat;
import belay.data.ImageSet;
import belay.data.augment.Augmentation;
import belay.data.augment.Augmentation.Border;
import belay.data.augment.Augmentation.Mirror;
import belay.data.augment.AugmentedImages;
import belay.net.Shape;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
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

  static Stream<Arguments> kinds() {
    return Stream.of(Mirror.values())
        .flatMap(
            mirror ->
                Stream.of(Border.values())
                    .flatMap(
                        border ->
                            Stream.of(
                                Arguments.of(new Shape(6, 5, 3), mirror, 4, border, 3),
                                Arguments.of(new Shape(12, 17, 1), mirror, 3, border, 0),
                                Arguments.of(new Shape(32, 32, 3), mirror, 0, border, 8))));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void theKernelMakesTheViewsOfJava(
      Shape shape, Mirror mirror, int crop, Border border, int cutout) {
    Random random = new Random(crop + cutout);
    ImageFormat format = new ImageFormat(shape.height(), shape.width(), shape.channels(), 10);
    byte[] pixels = new byte[IMAGES * format.imageBytes()];
    byte[] labels = new byte[IMAGES];
    random.nextBytes(pixels);
    random.nextBytes(labels);
    AugmentedImages views =
        new AugmentedImages(
            new ImageSet(format, pixels, labels),
            new Augmentation(mirror, crop, border, cutout),
            SEED);
    for (int epoch : new int[] {1, 2, 1_000_000}) {
      float[] expected = new float[ROWS.length * format.imageBytes()];
      views.normalized(ROWS, 0, ROWS.length, epoch, expected);
      ImageSet made = made(format, pixels, labels, epoch, mirror, crop, border, cutout);
      float[] actual = new float[expected.length];
      made.normalized(new int[] {0, 1, 2, 3, 4}, 0, ROWS.length, actual);
      assertArrayEquals(expected, actual);
      for (int i = 0; i < ROWS.length; i++) {
        assertEquals(labels[ROWS[i]], made.labels()[i]);
      }
    }
  }

  /** What the kernel writes, and nothing behind it. */
  private static ImageSet made(
      ImageFormat format,
      byte[] pixels,
      byte[] labels,
      int epoch,
      Mirror mirror,
      int crop,
      Border border,
      int cutout) {
    int bytes = ROWS.length * format.imageBytes();
    try (Memory images = of(pixels);
        Memory classes = of(labels);
        Memory rows = new Memory(4L * ROWS.length);
        Memory now = new Memory(4);
        Memory out = new Memory(bytes + 1L);
        Memory labelled = new Memory(ROWS.length + 1L)) {
      rows.write(0, ROWS, 0, ROWS.length);
      now.setInt(0, epoch);
      out.setByte(bytes, (byte) 77);
      labelled.setByte(ROWS.length, (byte) 77);
      HostKernels.of("augment")
          .run(
              AugmentKernels.augment(
                  ROWS.length,
                  at(images),
                  at(classes),
                  at(rows),
                  at(now),
                  at(out),
                  at(labelled),
                  AugmentedImages.random(SEED).key(),
                  mirror.ordinal(),
                  crop,
                  border.ordinal(),
                  cutout,
                  new Shape(format.height(), format.width(), format.channels())));
      assertArrayEquals(new int[] {0, 1, 2, 3, 4}, rows.getIntArray(0, ROWS.length));
      assertEquals(77, out.getByte(bytes));
      assertEquals(77, labelled.getByte(ROWS.length));
      return new ImageSet(
          format, out.getByteArray(0, bytes), labelled.getByteArray(0, ROWS.length));
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
