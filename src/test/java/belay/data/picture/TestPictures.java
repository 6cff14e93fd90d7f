package belay.data.picture;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Picture files of kinds that Java alone does not write. */
public final class TestPictures {
  private TestPictures() {}

  /** Writes [3, height, width] as PNG, without loss. */
  public static void png(Path file, byte[] planes, int offset, int height, int width)
      throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int plane = height * width;
    for (int p = 0; p < plane; p++) {
      int red = planes[offset + p] & 0xFF;
      int green = planes[offset + plane + p] & 0xFF;
      int blue = planes[offset + 2 * plane + p] & 0xFF;
      image.setRGB(p % width, p / width, red << 16 | green << 8 | blue);
    }
    write(image, "png", file);
  }

  /** Writes [1, height, width] as PNG, without loss. */
  public static void greyPng(Path file, byte[] planes, int offset, int height, int width)
      throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    for (int p = 0; p < height * width; p++) {
      image.getRaster().setSample(p % width, p / width, 0, planes[offset + p] & 0xFF);
    }
    write(image, "png", file);
  }

  static void write(BufferedImage image, String format, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    if (!ImageIO.write(image, format, file.toFile())) {
      throw new IOException("no writer for " + format);
    }
  }

  /** A JPEG of one colour, with four channels where the colour has them. */
  public static byte[] jpeg(int height, int width, boolean progressive, int... colour)
      throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    WritableRaster raster =
        colour.length == 3
            ? image.getRaster()
            : Raster.createInterleavedRaster(
                DataBuffer.TYPE_BYTE, width, height, colour.length, null);
    for (int p = 0; p < height * width; p++) {
      raster.setPixel(p % width, p / width, colour);
    }
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam param = writer.getDefaultWriteParam();
    param.setProgressiveMode(
        progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(
          null,
          colour.length == 3 ? new IIOImage(image, null, null) : new IIOImage(raster, null, null),
          param);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** A JPEG with a segment more, right after its beginning. */
  public static byte[] withSegment(byte[] jpeg, int marker, byte[] content) {
    ByteBuffer bytes = ByteBuffer.allocate(jpeg.length + content.length + 4);
    bytes.put(jpeg, 0, 2).put((byte) 0xFF).put((byte) marker);
    bytes.putShort((short) (content.length + 2)).put(content);
    return bytes.put(jpeg, 2, jpeg.length - 2).array();
  }

  /** Exif with nothing but the orientation. */
  static byte[] exif(int orientation, ByteOrder order) {
    ByteBuffer bytes = ByteBuffer.allocate(6 + 8 + 2 + 12 + 4).order(order);
    bytes.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII));
    bytes.put((order == ByteOrder.LITTLE_ENDIAN ? "II" : "MM").getBytes(StandardCharsets.US_ASCII));
    bytes.putShort((short) 42).putInt(8).putShort((short) 1);
    return bytes
        .putShort((short) 0x0112)
        .putShort((short) 3)
        .putInt(1)
        .putShort((short) orientation)
        .array();
  }

  /**
   * A lossless WebP (RFC 9649) of two colours that differ in green: each pixel is one bit.
   *
   * @param second which pixels have the second green, row by row
   */
  public static byte[] webp(
      int width, int height, int red, int green, int other, int blue, String second) {
    Bits bits = new Bits();
    bits.put(0x2F, 8).put(width - 1, 14).put(height - 1, 14).put(0, 1).put(0, 3);
    bits.put(0, 1).put(0, 1).put(0, 1); // no transform, no cache, one group of codes
    bits.put(1, 1).put(1, 1).put(1, 1).put(green, 8).put(other, 8); // lower symbol first
    bits.put(1, 1).put(0, 1).put(1, 1).put(red, 8);
    bits.put(1, 1).put(0, 1).put(1, 1).put(blue, 8);
    bits.put(1, 1).put(0, 1).put(1, 1).put(255, 8);
    bits.put(1, 1).put(0, 1).put(0, 1).put(0, 1);
    second.chars().forEach(pixel -> bits.put(pixel == '1' ? 1 : 0, 1));
    byte[] data = bits.bytes();
    int padded = data.length + data.length % 2;
    ByteBuffer file = ByteBuffer.allocate(20 + padded).order(ByteOrder.LITTLE_ENDIAN);
    file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(12 + padded);
    file.put("WEBPVP8L".getBytes(StandardCharsets.US_ASCII)).putInt(data.length).put(data);
    return file.array();
  }

  private static final class Bits {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int waiting;
    private int count;

    Bits put(int value, int width) {
      for (int i = 0; i < width; i++) {
        waiting |= (value >> i & 1) << count++;
        if (count == 8) {
          bytes.write(waiting);
          waiting = 0;
          count = 0;
        }
      }
      return this;
    }

    byte[] bytes() {
      put(0, 7);
      return bytes.toByteArray();
    }
  }
}
