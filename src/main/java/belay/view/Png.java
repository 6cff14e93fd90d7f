package belay.view;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Writes PNG files (W3C, "Portable Network Graphics", 2003). The JDK could too, but loading AWT
 * takes longer than all pictures of a report, and small runtimes come without it.
 */
final class Png {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final int CHANNELS = 4;
  private static final byte RGBA = 6;
  private static final byte PAETH = 4;

  private Png() {}

  /**
   * @param rgba row-major bytes [height, width, 4]
   */
  static byte[] encode(int width, int height, byte[] rgba) {
    ByteArrayOutputStream png = new ByteArrayOutputStream(rgba.length / 2);
    png.writeBytes(SIGNATURE);
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height).put((byte) 8);
    chunk(png, "IHDR", header.put(RGBA).array());
    chunk(png, "IDAT", deflate(filter(width, height, rgba)));
    chunk(png, "IEND", new byte[0]);
    return png.toByteArray();
  }

  /** Each byte as its difference from what its neighbours predict: compresses better. */
  private static byte[] filter(int width, int height, byte[] rgba) {
    int stride = width * CHANNELS;
    byte[] filtered = new byte[(stride + 1) * height];
    for (int y = 0; y < height; y++) {
      filtered[y * (stride + 1)] = PAETH;
      for (int x = 0; x < stride; x++) {
        int at = y * stride + x;
        int left = x < CHANNELS ? 0 : rgba[at - CHANNELS] & 0xFF;
        int up = y == 0 ? 0 : rgba[at - stride] & 0xFF;
        int corner = x < CHANNELS || y == 0 ? 0 : rgba[at - stride - CHANNELS] & 0xFF;
        filtered[y * (stride + 1) + 1 + x] = (byte) (rgba[at] - paeth(left, up, corner));
      }
    }
    return filtered;
  }

  private static int paeth(int left, int up, int corner) {
    int guess = left + up - corner;
    int toLeft = Math.abs(guess - left);
    int toUp = Math.abs(guess - up);
    int toCorner = Math.abs(guess - corner);
    if (toLeft <= toUp && toLeft <= toCorner) {
      return left;
    }
    return toUp <= toCorner ? up : corner;
  }

  private static byte[] deflate(byte[] bytes) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream(bytes.length / 2);
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION);
    try (DeflaterOutputStream out = new DeflaterOutputStream(packed, deflater)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    } finally {
      deflater.end();
    }
    return packed.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream png, String type, byte[] content) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 check = new CRC32();
    check.update(name);
    check.update(content);
    png.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
    png.writeBytes(name);
    png.writeBytes(content);
    png.writeBytes(ByteBuffer.allocate(4).putInt((int) check.getValue()).array());
  }
}
