package belay.data.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.data.Dataset;
import belay.data.ImageFormat;
import belay.data.ImageShape;
import belay.data.picture.UnreadPictureException;
import belay.error.DataException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFilesTest {
  private static final ImageFormat RGB = new ImageFormat(2, 3, 3, 4);
  private static final ImageFormat GREY = new ImageFormat(2, 3, 1, 4);

  @TempDir Path directory;

  private static ImageFiles files(ImageFormat format) {
    return new ImageFiles(format, List.of("ant", "bee"), WrittenImages::query);
  }

  private Path picture(String name, int type, int... rgb) throws IOException {
    BufferedImage picture = new BufferedImage(3, 2, type);
    for (int p = 0; p < 6; p++) {
      if (type == BufferedImage.TYPE_BYTE_GRAY) {
        picture.getRaster().setSample(p % 3, p / 3, 0, rgb[p]);
      } else {
        picture.setRGB(p % 3, p / 3, rgb[p]);
      }
    }
    Path file = directory.resolve(name);
    ImageIO.write(picture, "png", file.toFile());
    return file;
  }

  @Test
  void picturesBecomePlanes() throws IOException {
    Path file =
        picture(
            "a.PNG",
            BufferedImage.TYPE_INT_RGB,
            0x010203,
            0x040506,
            0x070809,
            0x0a0b0c,
            0x0d0e0f,
            0xffffff);
    byte[] planes = files(RGB).read(List.of(file)).images().pixels();
    byte[] expected = {1, 4, 7, 10, 13, -1, 2, 5, 8, 11, 14, -1, 3, 6, 9, 12, 15, -1};
    assertArrayEquals(expected, planes);
    byte[] grey = files(GREY).read(List.of(file)).images().pixels();
    assertEquals(2, grey[0]);
    assertEquals(-1, grey[5]);
  }

  @Test
  void greyPicturesKeepTheirValues() throws IOException {
    Path file = picture("g.png", BufferedImage.TYPE_BYTE_GRAY, 0, 1, 50, 100, 200, 255);
    byte[] expected = {0, 1, 50, 100, (byte) 200, -1};
    assertArrayEquals(expected, files(GREY).read(List.of(file)).images().pixels());
    byte[] planes = files(RGB).read(List.of(file)).images().pixels();
    assertEquals((byte) 200, planes[4]);
    assertEquals((byte) 200, planes[16]);
  }

  @Test
  void aDirectoryGivesItsImagesInOrder() throws IOException {
    picture("b.png", BufferedImage.TYPE_INT_RGB, 0, 0, 0, 0, 0, 0);
    byte[] records = new byte[2 * RGB.recordBytes()];
    records[0] = 3;
    records[1] = 77;
    Files.write(directory.resolve("a.bin"), records);
    Files.writeString(directory.resolve("c.txt"), "not an image");
    ImageFiles.Named named = files(RGB).read(List.of(directory));
    String home = directory + "/";
    assertEquals(List.of(home + "a.bin#0", home + "a.bin#1", home + "b.png"), named.names());
    assertArrayEquals(new int[] {3, 0, -1}, named.labels());
    assertEquals(77, named.images().pixels()[0]);
  }

  @Test
  void aPictureCutShortIsOneLine() throws IOException {
    Path file = picture("d.png", BufferedImage.TYPE_INT_RGB, 1, 2, 3, 4, 5, 6);
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length - 32; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      String message =
          assertThrows(DataException.class, () -> files(RGB).read(List.of(file))).getMessage();
      assertTrue(message.contains("d.png") && !message.contains("\n"), message);
    }
  }

  /** Decoding 20,000 x 20,000 pixels would take 1.2 GB. */
  @Test
  void aPictureThatClaimsAnotherSizeIsRefusedByItsHeader() throws IOException {
    Path png = picture("h.png", BufferedImage.TYPE_INT_RGB, 1, 2, 3, 4, 5, 6);
    ByteBuffer header = ByteBuffer.wrap(Files.readAllBytes(png));
    header.putInt(16, 20_000).putInt(20, 20_000);
    CRC32 check = new CRC32();
    check.update(header.array(), 12, 17);
    Files.write(png, header.putInt(29, (int) check.getValue()).array());
    Path jpeg = directory.resolve("h.jpg");
    ImageIO.write(new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB), "jpg", jpeg.toFile());
    byte[] bytes = Files.readAllBytes(jpeg);
    int frame = 0;
    while (bytes[frame] != (byte) 0xff || bytes[frame + 1] != (byte) 0xc0) {
      frame++;
    }
    ByteBuffer.wrap(bytes).putShort(frame + 5, (short) 20_000).putShort(frame + 7, (short) 20_000);
    Files.write(jpeg, bytes);
    for (Path file : List.of(png, jpeg)) {
      long before = allocated();
      String message =
          assertThrows(DataException.class, () -> files(RGB).read(List.of(file))).getMessage();
      assertTrue(message.contains("is 20000 x 20000 pixels"), message);
      assertTrue(allocated() - before < 32 << 20, "too much memory");
    }
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  @Test
  void aPipeInPlaceOfAPictureKeepsNobodyWaiting() throws Exception {
    Path pipe = directory.resolve("p.png");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    String message =
        assertThrows(UnreadPictureException.class, () -> files(RGB).read(List.of(pipe)))
            .getMessage();
    assertTrue(message.contains("a pipe, socket or device"), message);
  }

  /** Below a directory that holds none itself; the class is the name of the directory. */
  @Test
  void picturesInDirectoriesOfClassesHaveTheirLabels() throws IOException {
    for (String name : List.of("bee", "ant", "elk")) {
      Files.createDirectory(directory.resolve(name));
      picture(name + "/a.png", BufferedImage.TYPE_INT_RGB, 1, 2, 3, 4, 5, 6);
    }
    ImageFiles.Named named = files(RGB).read(List.of(directory));
    assertArrayEquals(new int[] {0, 1, -1}, named.labels());
    assertTrue(named.names().get(2).endsWith("elk/a.png"), named.names()::toString);
  }

  @Test
  void dataSetsGiveTheirTestImages() throws IOException {
    Dataset dataset = WrittenImages.dataset(new ImageShape(2, 3, 3), 9, 6, 1);
    Path file = directory.resolve("a.h5");
    WrittenImages.hdf5(file, dataset, true);
    Path idx = directory.resolve("idx");
    WrittenImages.idx(idx, "train-%s-ubyte", dataset.train(), 4);
    ImageFiles.Named named = files(RGB).read(List.of(file, idx));
    assertEquals(6 + 9, named.labels().length); // IDX without test images: all
    assertArrayEquals(
        dataset.test().pixels(),
        Arrays.copyOf(named.images().pixels(), dataset.test().pixels().length));
    assertEquals(file + "#5", named.names().get(5));
    assertEquals(2, named.labels()[5]);
    assertEquals(1, named.labels()[6 + 4]);
  }
}
