package belay.data.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import belay.data.ImageShape;
import belay.error.DataException;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PictureFileTest {
  private static final int ADOBE = 0xEE;
  private static final int EXIF = 0xE1;

  @TempDir Path directory;

  private Path file(String name, byte[] content) throws IOException {
    return Files.write(directory.resolve(name), content);
  }

  private Path file(String name, BufferedImage image) throws IOException {
    Path file = directory.resolve(name);
    TestPictures.write(image, name.substring(name.indexOf('.') + 1), file);
    return file;
  }

  private static byte[] read(Path file, int height, int width, int channels) {
    byte[] pixels = new byte[height * width * channels];
    PictureFile.read(file, new ImageShape(height, width, channels), pixels, 0);
    return pixels;
  }

  private static int[] unsigned(byte[] samples) {
    int[] values = new int[samples.length];
    Arrays.setAll(values, i -> samples[i] & 0xFF);
    return values;
  }

  private static void near(int expected, int actual) {
    assertTrue(Math.abs(expected - actual) <= 3, () -> actual + " is not near " + expected);
  }

  @Test
  void sixteenBitsAreScaledToEight() throws IOException {
    BufferedImage grey = new BufferedImage(3, 1, BufferedImage.TYPE_USHORT_GRAY);
    grey.getRaster().setSample(0, 0, 0, 65535);
    grey.getRaster().setSample(1, 0, 0, 257 * 100);
    grey.getRaster().setSample(2, 0, 0, 128); // less than half of a step of 257
    assertArrayEquals(new int[] {255, 100, 0}, unsigned(read(file("a.png", grey), 1, 3, 1)));
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            false,
            false,
            Transparency.OPAQUE,
            DataBuffer.TYPE_USHORT);
    WritableRaster raster = model.createCompatibleWritableRaster(1, 1);
    raster.setPixel(0, 0, new int[] {257 * 7, 257 * 8, 257 * 250});
    Path colour = file("b.png", new BufferedImage(model, raster, false, null));
    assertArrayEquals(new int[] {7, 8, 250}, unsigned(read(colour, 1, 1, 3)));
  }

  @Test
  void whatIsTransparentLiesOnWhite() throws IOException {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x00123456);
    image.setRGB(1, 0, 0x80000000);
    image.setRGB(2, 0, 0xff102030);
    int[] expected = {255, 127, 0x10, 255, 127, 0x20, 255, 127, 0x30};
    assertArrayEquals(expected, unsigned(read(file("a.png", image), 1, 3, 3)));
  }

  @Test
  void palettesBecomeTheirColours() throws IOException {
    byte[] red = {0, (byte) 200, 9};
    byte[] green = {0, 100, 8};
    byte[] blue = {0, 50, 7};
    IndexColorModel palette = new IndexColorModel(2, 3, red, green, blue, 2);
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_BINARY, palette);
    image.getRaster().setSample(0, 0, 0, 1);
    image.getRaster().setSample(1, 0, 0, 0);
    image.getRaster().setSample(2, 0, 0, 2);
    int[] expected = {200, 0, 255, 100, 0, 255, 50, 0, 255};
    assertArrayEquals(expected, unsigned(read(file("a.png", image), 1, 3, 3)));
    assertArrayEquals(expected, unsigned(read(file("a.gif", image), 1, 3, 3)));
  }

  @Test
  void bitmapsAreRead() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_3BYTE_BGR);
    image.setRGB(0, 0, 0x010203);
    image.setRGB(1, 0, 0xf0e0d0);
    int[] expected = {1, 0xf0, 2, 0xe0, 3, 0xd0};
    assertArrayEquals(expected, unsigned(read(file("a.bmp", image), 1, 2, 3)));
  }

  @Test
  void webpIsRead() throws IOException {
    Path file = file("a.webp", TestPictures.webp(4, 2, 10, 20, 200, 30, "01100001"));
    int[] values = unsigned(read(file, 2, 4, 3));
    assertArrayEquals(
        new int[] {20, 200, 200, 20, 20, 20, 20, 200}, Arrays.copyOfRange(values, 8, 16));
    assertEquals(10, values[0]);
    assertEquals(30, values[23]);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void jpegIsRead(boolean progressive) throws IOException {
    Path file = file("a.jpg", TestPictures.jpeg(16, 8, progressive, 200, 100, 50));
    int[] values = unsigned(read(file, 16, 8, 3));
    near(200, values[5]);
    near(100, values[128 + 77]);
    near(50, values[256 + 127]);
  }

  @Test
  void greyJpegIsRead() throws IOException {
    BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
    for (int p = 0; p < 64; p++) {
      image.getRaster().setSample(p % 8, p / 8, 0, 90);
    }
    int[] values = unsigned(read(file("a.jpg", image), 8, 8, 3));
    near(90, values[0]);
    near(90, values[191]);
  }

  /** As Photoshop writes it: inverted, and its marker says so. */
  @Test
  void cmykJpegBecomesRgb() throws IOException {
    byte[] adobe = "Adobe\0\u0064\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
    byte[] inverted = TestPictures.jpeg(8, 8, false, 255, 0, 0, 255); // magenta and yellow
    Path file = file("a.jpg", TestPictures.withSegment(inverted, ADOBE, adobe));
    int[] values = unsigned(read(file, 8, 8, 3));
    assertTrue(values[10] > 200, "red is " + values[10]);
    assertTrue(values[64 + 10] < 60, "green is " + values[64 + 10]);
    assertTrue(values[128 + 10] < 60, "blue is " + values[128 + 10]);
  }

  /** Where the upper left corner of the stored picture, 9, comes to lie; both byte orders. */
  @ParameterizedTest
  @CsvSource({
    "1, 9 0 0 0 0 5", "2, 0 0 9 5 0 0", "3, 5 0 0 0 0 9", "4, 0 0 5 9 0 0",
    "5, 9 0 0 0 0 5", "6, 0 9 0 0 5 0", "7, 5 0 0 0 0 9", "8, 0 5 0 0 9 0"
  })
  void orientationIsUndone(int number, String expected) {
    byte[] samples = {9, 0, 0, 0, 0, 5}; // 2 x 3
    Pixels upright = new Orientation(number).upright(new Pixels(2, 3, 1, samples));
    assertEquals(number < 5 ? 2 : 3, upright.height());
    int[] values = Arrays.stream(expected.split(" ")).mapToInt(Integer::parseInt).toArray();
    assertArrayEquals(values, unsigned(upright.samples()));
  }

  @Test
  void aTurnedJpegIsTurnedBack() throws IOException {
    BufferedImage image = new BufferedImage(32, 16, BufferedImage.TYPE_BYTE_GRAY);
    for (int p = 0; p < 512; p++) {
      image.getRaster().setSample(p % 32, p / 32, 0, p % 32 < 16 ? 20 : 220); // left is dark
    }
    byte[] plain = Files.readAllBytes(file("p.jpg", image));
    for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
      byte[] exif = TestPictures.exif(6, order);
      Path turned = file("t.jpg", TestPictures.withSegment(plain, EXIF, exif));
      int[] values = unsigned(read(turned, 32, 16, 1)); // stands on its side: the top is dark
      near(20, values[5]);
      near(220, values[31 * 16 + 5]);
    }
  }

  @Test
  void aShorterSideFillsTheShapeAndTheLongerOneIsCut() throws IOException {
    BufferedImage image = new BufferedImage(6, 2, BufferedImage.TYPE_BYTE_GRAY);
    int[] row = {1, 1, 50, 60, 1, 1};
    for (int p = 0; p < 12; p++) {
      image.getRaster().setSample(p % 6, p / 6, 0, row[p % 6]);
    }
    Path file = file("a.png", image);
    assertArrayEquals(new int[] {50, 60, 50, 60}, unsigned(read(file, 2, 2, 1)));
    BufferedImage tall = new BufferedImage(2, 6, BufferedImage.TYPE_BYTE_GRAY);
    for (int p = 0; p < 12; p++) {
      tall.getRaster().setSample(p % 2, p / 2, 0, row[p / 2]);
    }
    assertArrayEquals(new int[] {50, 50, 60, 60}, unsigned(read(file("t.png", tall), 2, 2, 1)));
    byte[] pixels = new byte[4];
    PictureFile size = PictureFile.read(file, new ImageShape(2, 2, 1), pixels, 0);
    assertEquals(new PictureFile(6, 2), size);
  }

  @Test
  void aDamagedPngIsRefusedEvenWhereItCouldBeDecoded() throws IOException {
    BufferedImage image = new BufferedImage(5, 5, BufferedImage.TYPE_INT_RGB);
    byte[] whole = Files.readAllBytes(file("w.png", image));
    for (int at = 8; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      refused(file("d.png", damaged));
    }
  }

  @Test
  void aJpegCutShortIsRefusedAndNotFilledWithGrey() throws IOException {
    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    for (int p = 0; p < 4096; p++) {
      image.setRGB(p % 64, p / 64, p * 7919);
    }
    byte[] whole = Files.readAllBytes(file("w.jpg", image));
    for (int length = 0; length < whole.length - 2; length += 61) {
      refused(file("d.jpg", Arrays.copyOf(whole, length)));
    }
  }

  private static void refused(Path file) {
    String message =
        assertThrows(DataException.class, () -> read(file, 4, 4, 3), file::toString).getMessage();
    assertTrue(message.contains(file.toString()), message);
    assertFalse(message.contains("\n"), message);
  }
}
